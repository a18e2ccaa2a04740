import Foundation
import Testing
import VisionCompute
import VisionTestSupport

@testable import VisionStore

/// What the world can do to a pull; none of it may leave anything behind.
@Suite struct DatasetFailureTests {
  private func failure(
    _ name: String, _ sandbox: DatasetSandbox, from package: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws -> StoreError? {
    try CacheFolder.make("\(sandbox.root)/out")
    let error = storeError { try sandbox.store.pull(name, to: "\(sandbox.root)/out/set", from: package) }
    #expect(CacheFolder.names(in: "\(sandbox.root)/out").isEmpty, sourceLocation: location)
    return error
  }

  @Test func anUnknownNameSaysWhatThereIs() throws {
    let error = storeError { try DatasetStore().pull("shape", to: "/nonexistent/x") }
    #expect(error?.kind == .unknownDataset)
    #expect(error?.remedy?.hasPrefix("did you mean shapes?") == true)
  }

  @Test(arguments: [
    (
      "echo 'E: Unable to locate package image-package'; exit 100", StoreError.Kind.aptFailed,
      "apt-get update"
    ),
    ("echo 'E: Failed to fetch x  Temporary failure resolving'; exit 100", .network, "network"),
    ("echo 'E: Write error - write (28: No space left on device)'; exit 100", .noSpace, "--output"),
    ("echo odd; exit 3", .aptFailed, "--from FILE"), ("exit 0", .aptFailed, "--from FILE"),
    ("kill -INT $$", .interrupted, "run it again"), ("kill -SEGV $$", .aptFailed, "--from FILE"),
  ])
  func everyEndOfAptHasItsName(script: String, kind: StoreError.Kind, remedy: String) throws {
    let sandbox = try DatasetSandbox()
    try sandbox.apt(get: script)
    let error = try failure("images", sandbox)
    #expect(error?.kind == kind)
    #expect(error?.remedy?.contains(remedy) == true, "\(error?.remedy ?? "")")
  }

  @Test func withoutAptTheErrorSaysHowElse() throws {
    let sandbox = try DatasetSandbox()
    let store = DatasetStore(
      manifest: sandbox.store.manifest, pip: sandbox.fetcher,
      apt: AptFetcher(environment: ["PATH": "\(sandbox.root)/none"]), executor: Executor(threads: 1),
      system: "/nonexistent"
    ) { _ in nil }
    let error = storeError { try store.pull("images", to: "\(sandbox.root)/p") }
    #expect(error?.kind == .noApt)
    #expect(error?.remedy?.contains("apt-get download image-package") == true)
    #expect(error?.remedy?.contains("visionnet datasets pull images --from FILE") == true)
    #expect(!CacheFolder.exists("\(sandbox.root)/p"))
    // Executable, but nothing that the system can run.
    _ = try sandbox.files.executable([0x7f, 1, 2], "bin/apt-get")
    #expect(try failure("images", sandbox)?.kind == .noApt)
  }

  @Test(arguments: [StoreError.Kind.noPython, .noPip, .network, .pipFailed])
  func aFailedPipSaysHowElse(kind: StoreError.Kind) throws {
    let sandbox = try DatasetSandbox()
    sandbox.fetcher.set { (_) throws(StoreError) in throw StoreError(kind, "it failed", remedy: "repair it") }
    let error = try failure("table", sandbox)
    #expect(error?.kind == kind)
    #expect(error?.remedy?.hasPrefix("repair it; or on another machine run: python3 -m pip download") == true)
  }

  @Test func otherFilesAreRefused() throws {
    let sandbox = try DatasetSandbox()
    let other = TestArchive.zip([("table_package/table.csv", Array("a,b\n1,3\n".utf8))])
    #expect(try failure("table", sandbox, from: sandbox.files.write(other, "o.whl"))?.kind == .checksum)
    let empty = TestArchive.zip([("x", [])])
    #expect(try failure("table", sandbox, from: sandbox.files.write(empty, "e.whl"))?.kind == .corrupt)
    let cut = Array(DatasetSandbox.wheel.prefix(40))
    #expect(try failure("table", sandbox, from: sandbox.files.write(cut, "c.whl"))?.kind == .corrupt)
    #expect(try failure("table", sandbox, from: "\(sandbox.root)/nothing")?.kind == .missing)
    #expect(try failure("images", sandbox, from: "\(sandbox.root)/bin")?.kind == .missing)
    try sandbox.files.write([1], "mirror/test-labels.gz")
    #expect(try failure("images", sandbox)?.kind == .checksum)
    try sandbox.apt(unpack: "echo 'dpkg-deb: error: not a Debian archive' >&2; exit 2")
    let damaged = try failure("images", sandbox)
    #expect(damaged?.kind == .corrupt && damaged?.message.contains("not a Debian archive") == true)
  }

  @Test func anotherCountOrShapeIsRefused() throws {
    // The sums are right, and yet the files are not what the manifest says.
    let good = DatasetSandbox.images
    let fewer = DatasetSandbox.dataset(
      "images", good.source, good.files, [.init(name: "train", count: 4), good.splits[1]], .arrays)
    let onlyA = DatasetSandbox.dataset(
      "images", good.source, good.files, good.splits, .arrays, classes: ["a"])
    let swapped = DatasetSandbox.dataset(
      "images", good.source, [1, 0, 2, 3].map { good.files[$0] }, good.splits, .arrays)
    for dataset in [fewer, onlyA, swapped] {
      #expect(try failure("images", DatasetSandbox([dataset]))?.kind == .corrupt)
    }
  }

  @Test func aFullDiskIsFoundBeforeAnythingIsFetched() throws {
    let sandbox = try DatasetSandbox(freeBytes: 1000)
    let error = try failure("images", sandbox)
    #expect(error?.kind == .noSpace && error?.remedy?.contains("--output") == true)
    #expect(sandbox.aptCalls.isEmpty)
  }

  @Test(.enabled(if: TinyDisk.isAvailable, "no file system can be mounted here"))
  func aDiskThatFillsUpLeavesNothing() throws {
    let sandbox = try DatasetSandbox()
    let disk = try #require(TinyDisk(kilobytes: 60))
    let error = storeError { try sandbox.store.pull("shapes", to: "\(disk.path)/s") }
    #expect(error?.kind == .noSpace && error?.remedy?.contains("--output") == true)
    #expect(CacheFolder.names(in: disk.path).isEmpty)
  }

  @Test func whatIsThereStays() throws {
    let sandbox = try DatasetSandbox()
    let file = try sandbox.files.write([7], "full/mine")
    for place in ["\(sandbox.root)/full", file] {
      #expect(storeError { try sandbox.store.pull("table", to: place) }?.kind == .occupied)
    }
    #expect(try sandbox.files.bytes(file) == [7])
    #expect(storeError { try sandbox.store.pull("table", to: "\(file)/under") }?.kind == .notWritable)
    // An empty folder is as good as none.
    try CacheFolder.make("\(sandbox.root)/empty")
    try sandbox.store.pull("table", to: "\(sandbox.root)/empty")
    // One of another set is something else; one that lacks a file is not the set.
    #expect(storeError { try sandbox.store.pull("shapes", to: "\(sandbox.root)/empty") }?.kind == .occupied)
    try CacheFolder.remove("\(sandbox.root)/empty/table.csv")
    #expect(storeError { try sandbox.store.pull("table", to: "\(sandbox.root)/empty") }?.kind == .damaged)
  }

  @Test func anInterruptedPullLeavesNothing() throws {
    let sandbox = try DatasetSandbox()
    for patience in 0..<3 {
      var asked = 0
      let error = storeError {
        try sandbox.store.pull(
          "shapes", to: "\(sandbox.root)/out/s",
          isCancelled: {
            asked += 1
            return asked > patience
          })
      }
      #expect(error?.kind == .interrupted)
      #expect(CacheFolder.names(in: "\(sandbox.root)/out").isEmpty)
    }
  }
}
