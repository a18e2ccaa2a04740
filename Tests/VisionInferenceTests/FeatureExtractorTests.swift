import VisionData
import Foundation
import Testing
import VisionTestSupport
import VisionGraph
import VisionImage
import VisionSystem
import VisionTensor

@testable import VisionInference

@Suite struct FeatureExtractorTests {
  let folder: SampleFolder
  let paths: [String]
  let backbone: Backbone

  init() throws {
    folder = try SampleFolder.colors(4)
    paths = try ImageFolder(folder.path, validation: 0).training.map(\.path)
    backbone = try TinyBackbone.make()
  }

  private func packs() throws -> [String] {
    let root = folder.file("cache")
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".features") }
      .map { "\(root)/\($0)" }
  }

  @Test func anImagesFeaturesAreWhatTheReferenceSays() throws {
    let result = try FeatureExtractor(backbone, threads: 2).features(of: paths)
    #expect(result.features.rows == 12)
    #expect(result.features.columns == 8)
    for (index, path) in paths.enumerated() where index % 5 == 0 {
      let input = try backbone.preprocessing.apply(to: Image(contentsOf: path))
      let output = try Interpreter(backbone.graph, parameters: backbone.parameters).run(["input": input])
      let expected = try #require(output["features"]?.floats)
      for (a, b) in zip(result.features[row: index], expected) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func threadsAndTheCacheDoNotChangeABit() throws {
    let plain = try FeatureExtractor(backbone, threads: 1).features(of: paths)
    for threads in [2, 1, 3] {
      let extractor = try FeatureExtractor(backbone, threads: threads, cacheFolder: folder.file("cache"))
      #expect(try extractor.features(of: paths).features.elements == plain.features.elements)
    }
  }

  @Test func whatIsInTheCacheIsNotComputedAgain() throws {
    let extractor = try FeatureExtractor(backbone, cacheFolder: folder.file("cache"))
    #expect(try extractor.features(of: Array(paths[..<8])).cached == 0)
    // Found by content, not by name.
    try FileManager.default.moveItem(atPath: paths[0], toPath: folder.file("moved.png"))
    let result = try extractor.features(of: [folder.file("moved.png")] + paths[1...])
    #expect(result.cached == 8)
    #expect(try packs().count == 2)
    let other = try FeatureExtractor(Backbone(TinyBackbone.model(seed: 4)), cacheFolder: folder.file("cache"))
    #expect(try other.features(of: Array(paths[1...])).cached == 0)
  }

  @Test func aDamagedCacheIsNoticedAndMadeAnew() throws {
    let extractor = try FeatureExtractor(backbone, cacheFolder: folder.file("cache"))
    let good = try extractor.features(of: paths).features.elements
    let pack = try #require(try packs().first)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: pack))
    for position in [0, 9, 13, 20, 60, bytes.count - 1, bytes.count / 2] {
      for old in try packs() { try FileManager.default.removeItem(atPath: old) }
      var damaged = bytes
      damaged[position] ^= 0x10
      try damaged.write(to: URL(fileURLWithPath: pack))
      let result = try extractor.features(of: paths)
      #expect(result.features.elements == good, "byte \(position)")
      #expect(result.notes.contains { $0.contains("damage") }, "byte \(position)")
      #expect(try extractor.features(of: paths).cached == paths.count)
    }
    for count in [0, 7, 16, 100, bytes.count - 1] {
      for old in try packs() { try FileManager.default.removeItem(atPath: old) }
      try bytes.prefix(count).write(to: URL(fileURLWithPath: pack))
      #expect(try extractor.features(of: paths).features.elements == good, "\(count) bytes")
    }
  }

  @Test func aCacheThatCannotBeWrittenCostsNothingButAWord() throws {
    try folder.write([1], to: "file")
    let extractor = try FeatureExtractor(backbone, cacheFolder: folder.file("file/cache"))
    let result = try extractor.features(of: paths)
    #expect(result.features.rows == 12)
    #expect(result.notes.contains { $0.contains("cannot be cached") })
  }

  @Test func badFilesAreNamedAndTheOthersKeepTheirRows() throws {
    try folder.write([], to: "empty.png")
    let list = [folder.file("empty.png"), paths[0], folder.file("none.png"), paths[1]]
    let result = try FeatureExtractor(backbone).features(of: list)
    #expect(result.rows == [nil, 0, nil, 1])
    #expect(result.failures.map(\.index) == [0, 2])
    #expect(result.failures.map(\.error.code) == ["empty", "missing"])
    let alone = try FeatureExtractor(backbone).features(of: [paths[1]])
    #expect(Array(result.features[row: 1]) == alone.features.elements)
  }

  @Test func cancellingKeepsWhatWasDone() throws {
    let extractor = try FeatureExtractor(backbone, threads: 1, cacheFolder: folder.file("cache"))
    let done = Locked(0)
    #expect(throws: TrainingError.self) {
      try extractor.features(of: paths, isCancelled: { done.withLock { $0 >= 5 } }) {
        let count = $0.done
        done.withLock { $0 = count }
      }
    }
    #expect(try extractor.features(of: paths).cached == 5)
  }
}
