import VisionModel
import Foundation
import Testing
import VisionNet

/// Networks whose weights hold what is no number: every command names it and ends with 65.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct NotFiniteTests {
  let folder: TemporaryFolder

  /// Five classes of light images.
  init() throws {
    folder = try TemporaryFolder()
    for (index, label) in ["a", "b", "c", "d", "e"].enumerated() {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<3 {
        let level = UInt8(180 + 10 * index + number)
        try ColorModel.writeImage(level, 255, 250, to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  /// What the weights hold.
  enum Strange: String, CaseIterable {
    case nan, infinity, negativeInfinity, large

    var value: Float {
      switch self {
      case .nan: .nan
      case .infinity: .infinity
      case .negativeInfinity: -.infinity
      case .large: 3e38
      }
    }
  }

  /// Writes the network with a number in all weights, or in one of a layer's.
  private func network(_ strange: Strange, in layer: String? = nil) throws -> String {
    var model = try TinyNetwork.model()
    for name in model.parameters.names where name.hasSuffix("weight") && name.hasPrefix(layer ?? "") {
      guard let tensor = model.parameters[name], tensor.shape.rank > 1 else { continue }
      var numbers = tensor.floats
      for index in numbers.indices where layer == nil || index == 5 { numbers[index] = strange.value }
      model.parameters[name] = Tensor(numbers, shape: tensor.shape)
    }
    let path = folder.file("\(strange)-\(layer ?? "all").onnx")
    try model.write(to: path)
    return path
  }

  private func run(_ arguments: [String]) throws -> Tool.Result {
    try Tool.run(
      arguments + ["--offline"], environment: ["XDG_CACHE_HOME": folder.file("cache")])
  }

  private func expectNamed(_ result: Tool.Result, _ context: String) {
    #expect(result.status == 65, "\(context): \(result.status) \(result.messages) \(result.output)")
    #expect(
      result.messages.contains("finite") || result.messages.contains("too large")
        || result.messages.contains("hold"), "\(context): \(result.messages)")
  }

  @Test(arguments: Strange.allCases) func commandsNameIt(_ strange: Strange) throws {
    for layer in [nil, "conv", "fc"] {
      // One weight of 3e38 is a number like any other, unless bytes are to be made of it.
      if strange == .large, layer != nil { continue }
      let model = try network(strange, in: layer)
      let context = "\(strange) in \(layer ?? "all")"
      expectNamed(try run(["evaluate", model, folder.file("data")]), "evaluate, \(context)")
      let quantized = folder.file("q.onnx")
      expectNamed(
        try run(["quantize", model, folder.file("data"), "-o", quantized]), "quantize, \(context)")
      #expect(!FileManager.default.fileExists(atPath: quantized))
      let image = folder.file("data/a/0.png")
      expectNamed(
        try run(["explain", image, "-m", model, "-o", folder.file("heat.png")]), "explain, \(context)")
      // The last layer is made anew, whatever the old one holds.
      if layer == "fc" { continue }
      let out = folder.file("run-\(strange)-\(layer ?? "all")")
      expectNamed(try run(["train", folder.file("data"), "-m", model, "-o", out]), "train, \(context)")
      #expect(!FileManager.default.fileExists(atPath: out + "/model.onnx"))
    }
  }

  /// No weight of a product is strange, and no gradient: only the answer.
  @Test(arguments: [Strange.nan, .infinity]) func aBiasIsFoundToo(_ strange: Strange) throws {
    var model = try TinyNetwork.model()
    model.parameters["fc.bias"] = Tensor([0, 1, strange.value, 0, 0], shape: [5])
    let path = folder.file("bias.onnx")
    try model.write(to: path)
    expectNamed(try run(["evaluate", path, folder.file("data")]), "evaluate")
    expectNamed(try run(["quantize", path, folder.file("data"), "-o", folder.file("q.onnx")]), "quantize")
    let image = folder.file("data/a/0.png")
    expectNamed(
      try run(["explain", image, "-m", path, "--class", "a", "-o", folder.file("heat.png")]), "explain")
  }

  @Test func aRunPrintsWhateverComesOut() throws {
    let model = try network(.nan)
    let graph = try Model(contentsOf: model).graph
    let name = graph[graph.inputs[0]].name
    let input = Tensor([Float](repeating: 0.5, count: 3 * 8 * 8), shape: [1, 3, 8, 8])
    try NumPyArray.write(input, to: folder.file("x.npy"))
    let result = try Tool.run(
      [
        "run", model, "--input", "\(name)=\(folder.file("x.npy"))", "--force", "--output-dir",
        folder.file("out"),
      ])
    #expect(result.status == 0, "\(result.messages)")
    let benched = try Tool.run(["bench", model, "--json", "--runs", "2", "--threads", "1"])
    #expect(benched.status == 0, "\(benched.messages)")
    // JSON has no NaN: reading it fails where there is one.
    #expect(try JSONValue(benched.output)["runs"] == .number(2))
  }

  @Test func trainingThatDivergesWritesNoModel() throws {
    let out = folder.file("run")
    let network = ["--from-scratch", "--architecture", "mlp", "--image-size", "8", "--batch-size", "4"]
    let result = try run(
      ["train", folder.file("data"), "-o", out, "--epochs", "3"] + network
        + ["--lr", "1e12", "--clip", "0", "--optimizer", "sgd", "--warmup", "0"])
    #expect(result.status == 65, "\(result.messages)")
    #expect(result.messages.contains("smaller rate"), "\(result.messages)")
    #expect(!result.output.contains("100.00 %"))
    #expect(!FileManager.default.fileExists(atPath: out + "/model.onnx"))
  }
}
