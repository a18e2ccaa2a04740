import VisionImage
import VisionRuntime
import Foundation
import Testing
import VisionGraph
import VisionLayers
import VisionModel
import VisionSystem
import VisionTestSupport

@testable import VisionNet
@testable import VisionStore

@Suite struct PackedWeightsCacheTests {
  private struct Body: Network {
    var body: some Layer {
      Conv2D(24, kernel: 3, stride: 2).named("stem")
      BatchNorm().named("norm")
      ReLU().named("relu")
      Conv2D(32, kernel: 3).named("winograd")
      Conv2D(32, kernel: 3, groups: 32).named("depthwise")
      GlobalAveragePool().named("pool")
      Dense(5).named("fc")
    }
  }

  /// A model file, a cache that keeps the smallest models, and an image.
  private final class Fixture {
    let folder: String
    let cache: PackedWeightsCache
    let image: Image

    init(limit: Int = 1 << 30) throws {
      folder = NSTemporaryDirectory() + "visionnet-packed-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var cache = PackedWeightsCache(directory: "\(folder)/cache/packed", limit: limit)
      cache.smallest = 0
      self.cache = cache
      let pixels = (0..<(40 * 30 * 3)).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + $0) }
      image = try Image(width: 40, height: 30, pixels: pixels)
      try write(seed: 1)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func model(_ name: String = "model") -> String { "\(folder)/\(name).onnx" }

    func write(_ name: String = "model", seed: UInt64) throws {
      let graph = try Body().graph(input: (3, 32, 32)).withProbabilities()
      try Model(
        graph: graph, parameters: graph.initialParameters(seed: seed), preprocessing: .squashed(32)
      ).write(to: model(name))
      // What was written just now may be written again within one tick of the file system's clock.
      usleep(30_000)
    }

    /// Logits as a fresh process would give them, and what is in the cache afterwards.
    func logits(_ name: String = "model", keeping: Bool = true) throws -> [Float] {
      let classifier = try ImageClassifier(contentsOf: model(name), threads: 1, packedWeights: cache)
      let logits = try classifier.logits(image)
      if keeping { try classifier.keepPackedWeights() }
      return logits
    }

    func packed(_ name: String = "model") throws -> [Float] {
      try ImageClassifier(contentsOf: model(name), threads: 1).logits(image)
    }

    var kept: [String] { CacheFolder.names(in: cache.directory) }
    func kept(_ ending: String) throws -> String {
      "\(cache.directory)/\(try #require(kept.first { $0.hasSuffix(ending) }))"
    }

    /// Changes with every new file of weights.
    func inode() throws -> UInt64 { try #require(FileStamp(kept(".weights"))).inode }
  }

  @Test func whatIsKeptIsUsedAndGivesTheSameBits() throws {
    let fixture = try Fixture()
    let expected = try fixture.packed()
    #expect(try fixture.logits() == expected)
    #expect(fixture.kept.count == 2)
    let inode = try fixture.inode()
    #expect(try fixture.logits() == expected)
    // Nothing had to be packed, or it would have been written again.
    #expect(try fixture.inode() == inode)
  }

  /// Weights of both precisions are kept side by side, and neither is taken for the other.
  @Test func eachPrecisionHasItsOwnWeights() throws {
    let fixture = try Fixture()
    func logits(_ precision: ComputePrecision, cache: PackedWeightsCache?) throws -> [Float] {
      let classifier = try ImageClassifier(
        contentsOf: fixture.model(), threads: 1, precision: precision, packedWeights: cache)
      let logits = try classifier.logits(fixture.image)
      try classifier.keepPackedWeights()
      return logits
    }
    let plain = try logits(.float32, cache: nil), rounded = try logits(.bfloat16, cache: nil)
    #expect(plain != rounded)
    for _ in 0..<2 {
      #expect(try logits(.float32, cache: fixture.cache) == plain)
      #expect(try logits(.bfloat16, cache: fixture.cache) == rounded)
    }
    let inode = try fixture.inode()
    #expect(try logits(.float32, cache: fixture.cache) == plain)
    #expect(try fixture.inode() == inode)
  }

  @Test func keptWeightsAreWhatTheKernelsRead() throws {
    let fixture = try Fixture()
    let expected = try fixture.logits()
    let path = try fixture.kept(".weights")
    // Zeros with a stamp that fits: only by reading them can the result change.
    let index = try #require(PackedWeightsIndex(MappedFile(fixture.kept(".index")).bytes))
    try Data(count: index.weights.byteCount).write(to: URL(fileURLWithPath: path))
    let forged = PackedWeightsIndex(
      sources: index.sources, weights: try #require(FileStamp(path)), ranges: index.ranges)
    try Data(forged.bytes).write(to: URL(fileURLWithPath: try fixture.kept(".index")))
    #expect(try fixture.logits(keeping: false) != expected)
  }

  @Test func moreIsAddedToWhatIsKept() throws {
    let fixture = try Fixture()
    try fixture.write(seed: 1)
    let classifier = try ImageClassifier(
      contentsOf: fixture.model(), threads: 1, packedWeights: fixture.cache)
    try classifier.keepPackedWeights()
    // Nothing has been packed before the first image.
    #expect(fixture.kept.isEmpty)
    _ = try fixture.logits()
    let index = try #require(PackedWeightsIndex(MappedFile(fixture.kept(".index")).bytes))
    let part = PackedWeightsIndex(
      sources: index.sources, weights: index.weights,
      ranges: index.ranges.filter { !$0.key.contains("winograd") })
    #expect(part.ranges.count < index.ranges.count)
    try Data(part.bytes).write(to: URL(fileURLWithPath: try fixture.kept(".index")))
    let inode = try fixture.inode()
    #expect(try fixture.logits() == fixture.packed())
    #expect(try fixture.inode() != inode)
    let whole = try #require(PackedWeightsIndex(MappedFile(fixture.kept(".index")).bytes))
    #expect(whole.ranges == index.ranges)
  }

  @Test func aModelThatIsReplacedIsPackedAgain() throws {
    let fixture = try Fixture()
    let old = try fixture.logits()
    let inode = try fixture.inode()
    try fixture.write(seed: 2)
    let new = try fixture.logits()
    #expect(new != old)
    #expect(new == (try fixture.packed()))
    #expect(try fixture.inode() != inode)
    #expect(fixture.kept.count == 2)
  }

  /// It may be written again within one tick of the file system's clock, and then looks the same.
  @Test func aModelThatWasWrittenJustNowIsNotKept() throws {
    let fixture = try Fixture()
    let changed = try #require(FileStamp(fixture.model())).changed
    let classifier = try ImageClassifier(contentsOf: fixture.model(), threads: 1)
    _ = try classifier.logits(fixture.image)
    for (milliseconds, files) in [(-5, 0), (5, 0), (25, 2)] {
      let entry = try #require(
        fixture.cache.entry(forModel: fixture.model(), now: changed + milliseconds * 1_000_000))
      try entry.keep(classifier.packedWeights, otherFiles: [])
      #expect(fixture.kept.count == files, "\(milliseconds) ms")
    }
  }

  @Test func aModelThatIsWrittenInPlaceIsPackedAgain() throws {
    let fixture = try Fixture()
    _ = try fixture.logits()
    let before = try FileManager.default.attributesOfItem(atPath: fixture.model())[.modificationDate]
    // Same length, same inode, same time of modification.
    let other = try Fixture()
    try other.write(seed: 9)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: other.model()))
    let handle = try #require(FileHandle(forUpdatingAtPath: fixture.model()))
    try handle.write(contentsOf: bytes)
    try handle.close()
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(before)], ofItemAtPath: fixture.model())
    #expect(try fixture.logits() == fixture.packed())
    #expect(try fixture.logits() == other.packed())
  }

  @Test(arguments: ["weights", "index"], ["flipped", "truncated", "empty", "removed", "folder"])
  func whatIsDamagedIsPackedAgain(ending: String, damage: String) throws {
    let fixture = try Fixture()
    let expected = try fixture.logits()
    let path = try fixture.kept(".\(ending)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    switch damage {
    case "flipped":
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try handle.seek(toOffset: UInt64(bytes.count / 2))
      try handle.write(contentsOf: Data([bytes[bytes.count / 2] ^ 64]))
      try handle.close()
    case "truncated": try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
    case "empty": try Data().write(to: URL(fileURLWithPath: path))
    case "removed": try FileManager.default.removeItem(atPath: path)
    default:
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    #expect(try fixture.logits(keeping: damage != "folder") == expected)
    guard damage != "folder" else { return }
    // And kept again.
    let inode = try fixture.inode()
    #expect(try fixture.logits() == expected)
    #expect(try fixture.inode() == inode)
  }

  @Test func everyChangeOfAnIndexIsSeen() throws {
    let fixture = try Fixture()
    _ = try fixture.logits()
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture.kept(".index"))))
    #expect(PackedWeightsIndex(ByteRange(bytes)) != nil)
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= 1
      #expect(PackedWeightsIndex(ByteRange(changed)) == nil, "byte \(position)")
      #expect(PackedWeightsIndex(ByteRange(Array(bytes.prefix(position)))) == nil, "\(position) bytes")
    }
  }

  @Test func rangesBeyondTheWeightsAreRefused() throws {
    let stamp = FileStamp(byteCount: 640, inode: 1, changed: 2)
    for range in [0..<641, 576..<704, 1000..<1001] {
      let index = PackedWeightsIndex(sources: [], weights: stamp, ranges: ["conv": range])
      #expect(PackedWeightsIndex(ByteRange(index.bytes)) == nil)
    }
    let sound = PackedWeightsIndex(sources: [], weights: stamp, ranges: ["conv": 576..<640, "b": 0..<0])
    #expect(PackedWeightsIndex(ByteRange(sound.bytes)) == sound)
  }

  @Test func filesOfExternalDataCount() throws {
    let fixture = try Fixture()
    let other = "\(fixture.folder)/weights.data"
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: other))
    let classifier = try ImageClassifier(contentsOf: fixture.model(), threads: 1)
    _ = try classifier.logits(fixture.image)
    let entry = try #require(fixture.cache.entry(forModel: fixture.model()))
    try entry.keep(classifier.packedWeights, otherFiles: [other])
    #expect(entry.weights(otherFiles: [other]) != nil)
    #expect(entry.weights(otherFiles: []) == nil)
    try Data([1, 2, 4]).write(to: URL(fileURLWithPath: other))
    #expect(entry.weights(otherFiles: [other]) == nil)
  }

  @Test func aFolderThatCannotBeWrittenHasAName() throws {
    let fixture = try Fixture()
    try Data().write(to: URL(fileURLWithPath: "\(fixture.folder)/cache"))
    let classifier = try ImageClassifier(
      contentsOf: fixture.model(), threads: 1, packedWeights: fixture.cache)
    #expect(try classifier.logits(fixture.image) == fixture.packed())
    #expect {
      try classifier.keepPackedWeights()
    } throws: {
      ($0 as? StoreError)?.kind == .notWritable
    }
  }

  @Test func whatIsTooSmallOrTooLargeIsNotKept() throws {
    let fixture = try Fixture(limit: 10_000)
    #expect(try fixture.logits() == fixture.packed())
    #expect(fixture.kept.isEmpty)
    let small = PackedWeightsCache(directory: fixture.cache.directory)
    let classifier = try ImageClassifier(contentsOf: fixture.model(), threads: 1, packedWeights: small)
    _ = try classifier.logits(fixture.image)
    try classifier.keepPackedWeights()
    #expect(fixture.kept.isEmpty)
  }

  @Test func theLongestUnusedGoFirst() throws {
    let probe = try Fixture()
    _ = try probe.logits()
    let size = try #require(FileStamp(probe.kept(".weights"))).byteCount
    let fixture = try Fixture(limit: size * 5 / 2)
    for (name, age) in [("a", 3000.0), ("b", 9000.0)] {
      try fixture.write(name, seed: 3)
      let before = Set(fixture.kept)
      _ = try fixture.logits(name)
      let index = try #require(Set(fixture.kept).subtracting(before).first { $0.hasSuffix(".index") })
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)],
        ofItemAtPath: "\(fixture.cache.directory)/\(index)")
    }
    _ = try fixture.logits()
    #expect(fixture.kept.count == 4)
    // `a` is still there, `b` would have to be packed.
    for (name, isThere) in [("a", true), ("b", false)] {
      let entry = try #require(fixture.cache.entry(forModel: fixture.model(name)))
      #expect((entry.weights(otherFiles: []) != nil) == isThere, "\(name)")
    }
  }

  @Test func whatIsKeptOfModelsThatAreGoneGoes() throws {
    let fixture = try Fixture()
    try fixture.write("gone", seed: 5)
    _ = try fixture.logits("gone")
    try FileManager.default.removeItem(atPath: fixture.model("gone"))
    try Data([0]).write(to: URL(fileURLWithPath: "\(fixture.cache.directory)/x.weights.1a.part"))
    _ = try fixture.logits()
    #expect(fixture.kept.count == 2)
    try fixture.cache.remove(model: fixture.model())
    #expect(fixture.kept.isEmpty)
  }
}
