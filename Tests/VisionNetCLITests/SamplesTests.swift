import Foundation
import Testing
import VisionNet
import VisionSystem

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct SamplesTests {
  @Test func aNetworkIsWrittenAndClassifiesAPhoto() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("samples-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("tiny.onnx").path
    let written = try Tool.sample("WriteNetwork", ["tiny", model])
    #expect(written.status == 0)
    #expect(written.output.contains("GlobalAveragePool"))
    let photo = #filePath.components(separatedBy: "/Tests/")[0] + "/samples/images/dog.jpg"
    let labeled = try Tool.sample("ClassifyPhoto", [model, photo])
    #expect(labeled.status == 0)
    // Untrained: three of ten classes, most likely first.
    let numbers = labeled.lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    #expect(numbers.count == 3)
    #expect(numbers == numbers.sorted(by: >))
    #expect(labeled.lines.allSatisfy { $0.hasPrefix("\(photo): class ") })
  }

  /// Two classes of ten images each, reddish and bluish.
  private func colors() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (label, name) in ["blue", "red"].enumerated() {
      let path = folder.file("images/\(name)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for number in 0..<10 {
        let noise = Philox(seed: 1).uniform(count: 768, stream: UInt64(10 * label + number))
        let pixels = noise.enumerated().map { index, value in
          let isOwn = index % 3 == (label == 1 ? 0 : 2)
          return UInt8(saturating: value * 80) + (isOwn ? 150 : 20)
        }
        try Image(width: 16, height: 16, pixels: pixels).write(to: "\(path)/\(number).png")
      }
    }
    return folder
  }

  @Test func aFolderIsTrainedOnAndTheModelClassifies() throws {
    let folder = try colors()
    let model = folder.file("model.onnx")
    let trained = try Tool.sample("TrainFolder", [folder.file("images"), model, "4"])
    #expect(trained.status == 0, "\(trained.output)")
    #expect(trained.lines.count == 5 && trained.lines.last?.hasPrefix("best: ") == true)
    let labeled = try Tool.run(
      ["classify", "--model", model, folder.file("images/red/3.png"), "--format", "json"])
    #expect(labeled.status == 0)
    #expect(labeled.output.contains("red") && labeled.output.contains("blue"))
  }

  @Test func digitsLearnsAnyFolder() throws {
    let folder = try colors()
    let result = try Tool.sample("Digits", [folder.file("images"), "3"])
    #expect(result.status == 0, "\(result.output)")
    // 784 · 128 + 128 weights in the first layer.
    #expect(result.output.contains("100480") || result.output.contains("100,480"))
    #expect(result.lines.count { $0.hasPrefix("epoch ") } == 3)
    #expect(result.lines.last?.hasSuffix(" right") == true)
  }

  @Test func aLayerOfOnesOwnLearnsItsParameter() throws {
    let folder = try TemporaryFolder()
    let model = folder.file("rings.onnx")
    let result = try Tool.sample("CustomLayer", [model])
    #expect(result.status == 0, "\(result.output)")
    let right = result.lines.filter { $0.hasPrefix("epoch ") }.last?.split(separator: " ").last
    #expect((right.flatMap { Double($0) } ?? 0) > 0.9)
    let beta = try #require(try Model(contentsOf: model).parameters["swish.beta"]).floats
    #expect(beta.count == 16 && beta.contains { abs($0 - 1) > 0.05 })
  }

  @Test func anOptimizerAndAMetricOfOnesOwnAreUsed() throws {
    let result = try Tool.sample("CustomOptimizer", [])
    #expect(result.status == 0 && result.lines.count == 2, "\(result.output)")
    for (line, name) in zip(result.lines, ["AdamW", "Lion"]) {
      let numbers = line.split { !"0123456789.".contains($0) }.compactMap { Double($0) }
      #expect(line.hasPrefix("\(name): ") && numbers.count == 2)
      // Better than guessing, and the worst class is no better than all of them.
      #expect((numbers.first ?? 0) > 0.6 && (numbers.first ?? 1) <= (numbers.last ?? 0))
    }
  }

  @Test func numbersAreLearnedFromATable() throws {
    let folder = try TemporaryFolder()
    try folder.write("species,body_mass_g\nAdelie,NA\n", to: "few.csv")
    let made = try Tool.sample("Regression", [])
    #expect(made.status == 0 && made.lines.count == 5, "\(made.output)")
    // "always guessing the mean: A g off; the network: B g off"
    let errors = made.lines.dropFirst().first?.split(separator: " ").compactMap { Double($0) } ?? []
    #expect(errors.count == 2 && errors[1] < errors[0] / 2)
    let few = try Tool.sample("Regression", [folder.file("few.csv")])
    #expect(few.status == 1 && few.output.contains("too few"))
  }

  @Test func whatIsWrongIsSaid() throws {
    #expect(try Tool.sample("WriteNetwork", ["nonsense", "/tmp/x.onnx"]).status == 64)
    #expect(try Tool.sample("WriteNetwork", []).status == 64)
    for name in ["TrainFolder", "Digits"] {
      #expect(try Tool.sample(name, ["a", "b", "c", "d"]).status == 64)
      #expect(try Tool.sample(name, ["/nonexistent", "1"]).status == 1)
    }
    #expect(try Tool.sample("Regression", ["/nonexistent"]).status == 1)
    #expect(try Tool.sample("ClassifyPhoto", ["/nonexistent.onnx", "x.jpg"]).output.contains("error:"))
  }
}
