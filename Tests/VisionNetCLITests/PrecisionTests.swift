import VisionModel
import Foundation
import Testing
import VisionNet

/// `--precision`, of the commands that have it.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct PrecisionTests {
  private struct Small: Network {
    var body: some Layer {
      Conv2D(32, kernel: 3)
      ReLU()
      Conv2D(48, kernel: 1)
      ReLU()
      GlobalAveragePool()
      Dense(6)
    }
  }

  /// A file with a small network of drawn weights, and an image.
  private func files(_ folder: TemporaryFolder) throws -> (model: String, image: String) {
    let graph = try Small().graph(input: (3, 24, 24)).withProbabilities()
    try Model(graph: graph, parameters: graph.initialParameters(seed: 9), preprocessing: .squashed(24))
      .write(to: folder.file("small.onnx"))
    let pixels = (0..<(30 * 20 * 3)).map { UInt8(truncatingIfNeeded: $0 * $0 / 5 + 3 * $0) }
    let image = try Image(width: 30, height: 20, pixels: pixels)
    try image.write(to: folder.file("image.png"))
    return (folder.file("small.onnx"), folder.file("image.png"))
  }

  private func probabilities(_ result: Tool.Result) throws -> [Double] {
    let line = try #require(result.lines.first)
    let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let predictions = try #require(record["predictions"] as? [[String: Any]])
    return predictions.sorted { ($0["label"] as? String ?? "") < ($1["label"] as? String ?? "") }
      .compactMap { $0["probability"] as? Double }
  }

  @Test func classifyTakesItAndSaysNearlyTheSame() throws {
    let folder = try TemporaryFolder()
    let (model, image) = try files(folder)
    func classify(_ precision: String...) throws -> Tool.Result {
      let result = try Tool.run(
        ["classify", "-m", model, "--no-cache", "-k", "6", "--format", "jsonl", image] + precision)
      #expect(result.status == 0)
      return result
    }
    let plain = try probabilities(classify()), rounded = try probabilities(classify("--precision", "bf16"))
    #expect(plain.count == 6 && rounded.count == 6)
    #expect(plain != rounded)
    for (a, b) in zip(plain, rounded) { #expect(abs(a - b) < 0.02) }
    #expect(try probabilities(classify("--precision", "float32")) == plain)
    #expect(try probabilities(classify("--precision", "bfloat16")) == rounded)
  }

  @Test func theOtherCommandsTakeIt() throws {
    let folder = try TemporaryFolder()
    let (model, _) = try files(folder)
    let plan = try Tool.run(["inspect", model, "--plan", "--precision", "bf16"])
    #expect(plan.status == 0)
    #expect(plan.output.contains("bf16 conv") && plan.output.contains("bf16 dense"))
    #expect(!(try Tool.run(["inspect", model, "--plan"]).output.contains("bf16")))
    #expect(try Tool.run(["bench", model, "--runs", "2", "--precision", "bf16"]).status == 0)
    try NumPyArray.write(
      Tensor(Philox(seed: 3).normal(count: 3 * 24 * 24), shape: [1, 3, 24, 24]), to: folder.file("x.npy"))
    let input = try #require(Model(contentsOf: model).graph.inputs.first)
    let name = try Model(contentsOf: model).graph[input].name
    func run(_ arguments: String...) throws -> Tensor {
      let result = try Tool.run(
        [
          "run", model, "--input", "\(name)=\(folder.file("x.npy"))", "--force", "--output-dir",
          folder.file("out"),
        ]
          + arguments)
      #expect(result.status == 0)
      return try NumPyArray.read(folder.file("out/probabilities.npy"))
    }
    let plain = try run(), rounded = try run("--precision", "bf16")
    #expect(plain != rounded)
    for (a, b) in zip(plain.floats, rounded.floats) { #expect(abs(a - b) < 0.02) }
  }

  @Test(arguments: [
    ["classify", "x.png", "--precision", "fp16"], ["inspect", "lenet5", "--precision", "bf16"],
    ["run", "x.onnx", "--output-dir", "out", "--interpreter", "--precision", "bf16"],
    ["bench", "--train", "smallcnn", "--precision", "bf16"],
  ])
  func wrongUsageIsExitCode64(arguments: [String]) throws {
    let result = try Tool.run(arguments)
    #expect(result.status == 64)
    #expect(result.messages.contains("precision"))
  }
}
