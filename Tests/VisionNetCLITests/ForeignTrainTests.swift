import VisionGraph
import Foundation
import Testing
import VisionModel
import VisionNet
import VisionSystem

/// `visionnet train -m` with classifiers that VisionNet did not write.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ForeignTrainTests {
  let folder: TemporaryFolder

  /// Three colors, a preprocessing, and networks for five classes that nobody needs, without any metadata.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Preprocessing.squashed(8).json, to: "steps.json")
    for (channel, label) in ["red", "green", "blue"].enumerated() {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<12 {
        let noise = Philox(seed: UInt64(channel * 100 + number)).uniform(count: 64 * 3)
        let pixels = noise.enumerated().map {
          UInt8(saturating: $0 % 3 == channel ? 120 + $1 * 120 : $1 * 120)
        }
        try Image(width: 8, height: 8, pixels: pixels).write(to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  /// Convolution, Relu, and what `head` makes of its 16 maps of 4×4.
  private func write(
    _ name: String, fixesBatch: Bool = false,
    _ head: (GraphBuilder, Value, (String, Shape) throws -> Value) throws -> Value
  ) throws {
    let builder = GraphBuilder()
    func weights(_ name: String, _ shape: Shape) throws -> Value {
      let fan = shape.elementCount / max(shape[0], 1)
      return try builder.parameter(
        name, shape: shape, initializer: .uniform(1 / Float(max(fan, 1)).squareRoot()))
    }
    let x = try builder.input(
      "pixels", dimensions: [fixesBatch ? .fixed(1) : .symbolic("N"), .fixed(3), .fixed(8), .fixed(8)])
    let conv = try builder.add(
      Conv(window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1]))), x,
      weights("onnx::w", [16, 3, 3, 3]), weights("onnx::b", [16]), name: "/conv/Conv")
    let map = try builder.add(Relu(), conv, name: "/Relu")
    try builder.output("scores", head(builder, map, weights))
    let graph = builder.graph
    try OnnxWriter.write(graph, parameters: graph.initialParameters(seed: 5), to: folder.file(name))
  }

  /// A classifier of pixels 0...255 as bytes, channels last, of any sides.
  private func writeByteClassifier() throws {
    let builder = GraphBuilder()
    let x = try builder.input(
      "pixels", type: .uint8, dimensions: [.symbolic("N"), .symbolic("h"), .symbolic("w"), .fixed(3)],
      binding: ["h": 8, "w": 8])
    let floats = try builder.add(Cast(to: .float32), x)
    let image = try builder.add(Transpose([0, 3, 1, 2]), floats)
    let scaled = try builder.add(Div(), image, builder.constant(Tensor(scalar: Float(255))))
    let weights = try builder.parameter("w", shape: [16, 3, 3, 3], initializer: .uniform(0.3))
    let map = try builder.add(
      Relu(), builder.add(Conv(window: Window(kernel: [3, 3], strides: [2, 2])), scaled, weights))
    let flat = try builder.add(Flatten(), builder.add(GlobalAveragePool(), map), name: "flat")
    let last = try builder.parameter("fc", shape: [16, 5], initializer: .uniform(0.3))
    try builder.output("scores", builder.add(MatMul(), flat, last, name: "fc/MatMul"))
    let graph = builder.graph
    try OnnxWriter.write(graph, parameters: graph.initialParameters(seed: 5), to: folder.file("net.onnx"))
  }

  private func writeClassifier(fixesBatch: Bool = false) throws {
    try write("net.onnx", fixesBatch: fixesBatch) { builder, map, weights in
      let flat = try builder.add(Flatten(), builder.add(GlobalAveragePool(), map), name: "/Flatten")
      let y = try builder.add(
        Gemm(transposesB: true), flat, weights("fc.weight", [5, 16]), weights("fc.bias", [5]),
        name: "/fc/Gemm")
      return try builder.add(Softmax(axis: -1), y, name: "probabilities")
    }
  }

  private func train(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(
      ["train", folder.file("data"), "--offline", "-m", folder.file("net.onnx"), "-o", folder.file("run")]
        + arguments,
      environment: ["XDG_CACHE_HOME": folder.file("cache")])
  }

  /// The model of the run is one of VisionNet's own, and knows the colors.
  private func checkModel(features: Int) throws {
    let model = try Model(contentsOf: folder.file("run/model.onnx"))
    #expect(model.labels == ["blue", "green", "red"])
    #expect(model.graph.outputs.map(\.name) == ["logits", "probabilities"])
    let embedding = try #require(model.embedding.flatMap { model.graph.value(named: $0) })
    #expect(model.graph.fact(embedding).shape == [1, features])
    #expect(model.head.map { model.parameters["\($0).weight"]?.shape } == Shape([3, features]))
    let labeled = try Tool.run([
      "classify", "-m", folder.file("run/model.onnx"), "--format", "json", folder.file("data/red/3.png"),
    ])
    #expect(labeled.status == 0)
    #expect(
      labeled.output.range(of: "red")?.lowerBound ?? labeled.output.endIndex < labeled.output.range(
        of: "green")?.lowerBound ?? labeled.output.endIndex)
    #expect(try Tool.run(["evaluate", folder.file("run/model.onnx"), folder.file("data")]).status == 0)
    #expect(try Tool.run(["inspect", folder.file("run/model.onnx")]).output.contains("3: blue, green, red"))
  }

  @Test func theLastLayerIsFoundAndReplaced() throws {
    try writeClassifier()
    let result = try train("--preprocessing", folder.file("steps.json"))
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("Gemm '/fc/Gemm', 16 → 5"))
    try checkModel(features: 16)
    let settings = try String(contentsOfFile: folder.file("run/config.yaml"), encoding: .utf8)
    #expect(settings.contains("preprocessing: \(folder.file("steps.json"))"))
  }

  @Test func aFileForOneImageAtATimeIsFineTuned() throws {
    try writeClassifier(fixesBatch: true)
    let result = try train(
      "--preprocessing", folder.file("steps.json"), "--fine-tune", "all", "--epochs", "2", "--batch-size", "8"
    )
    #expect(result.status == 0, "\(result.messages)")
    try checkModel(features: 16)
  }

  @Test func aConvolutionOverPlacesIsTheLastLayer() throws {
    try write("net.onnx") { builder, map, weights in
      let y = try builder.add(
        Conv(window: Window(kernel: [1, 1])), map, weights("c.weight", [5, 16, 1, 1]), name: "/c/Conv")
      return try builder.add(Flatten(), builder.add(GlobalAveragePool(), y))
    }
    let result = try train("--preprocessing", folder.file("steps.json"))
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("its mean over the places is taken"))
    try checkModel(features: 16)
  }

  @Test func bytesWithChannelsLastAndOpenSidesAreTaken() throws {
    try writeByteClassifier()
    let result = try train("--preprocessing", folder.file("steps.json"))
    #expect(result.status == 0, "\(result.messages)")
    try checkModel(features: 16)
    let tuned = try train(
      "--preprocessing", folder.file("steps.json"), "--fine-tune", "all", "--epochs", "1", "-o",
      folder.file("tuned"))
    #expect(tuned.status == 65)
    #expect(tuned.messages.contains("float32 N×C×H×W"))
  }

  @Test func whereNoLastLayerIsAValueIsNamed() throws {
    try write("net.onnx") { builder, map, _ in
      try builder.add(Flatten(), builder.add(GlobalAveragePool(), map), name: "/Flatten")
    }
    let refused = try train("--preprocessing", folder.file("steps.json"))
    #expect(refused.status == 65)
    #expect(refused.messages.contains("'/conv/Conv' comes before the answer"))
    #expect(refused.messages.contains("--embedding NAME"))
    let unknown = try train("--preprocessing", folder.file("steps.json"), "--embedding", "features")
    #expect(unknown.status == 65)
    #expect(unknown.messages.contains("no value 'features'"))
    let named = try train("--preprocessing", folder.file("steps.json"), "--embedding", "/Flatten")
    #expect(named.status == 0, "\(named.messages)")
    try checkModel(features: 16)
  }

  @Test func theInputMustBeKnown() throws {
    try writeClassifier()
    let result = try train()
    #expect(result.status == 65)
    #expect(result.messages.contains("--preprocessing NAME"))
    let scratch = try Tool.run([
      "train", folder.file("data"), "--from-scratch", "--embedding", "x", "--dry-run",
    ])
    #expect(scratch.status == 64)
  }
}
