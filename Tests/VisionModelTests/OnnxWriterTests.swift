import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct OnnxWriterTests {
  private func classifier(_ operation: (GraphBuilder, Value) throws -> Value) throws -> Graph {
    let builder = GraphBuilder()
    let image = try builder.image(channels: 1, height: 3, width: 3)
    try builder.output("y", operation(builder, image))
    return builder.graph
  }

  @Test func ownFilesAreReadBackBitByBit() throws {
    let model = try OnnxReader.read(Fixture.path("conv.onnx"))
    let metadata = [(key: "b", value: "ü\"\n"), (key: "a", value: "")]
    let bytes = try OnnxWriter.bytes(model.graph, parameters: model.parameters, metadata: metadata)
    let again = try OnnxReader.read(bytes: bytes)
    #expect(again.parameters.names == model.parameters.names)
    #expect(again.parameters.allSatisfy { model.parameters[$0.name] == $0.tensor })
    #expect(again.metadata.elementsEqual(metadata) { $0.key == $1.key && $0.value == $1.value })
    #expect(
      try OnnxWriter.bytes(again.graph, parameters: again.parameters, metadata: again.metadata) == bytes)
    #expect(again.opset == 17)
    #expect(again.irVersion == 8)
  }

  @Test func constantsStayConstantsAndParametersStayParameters() throws {
    let graph = try classifier { builder, x in
      let constant = builder.constant(Tensor([Float(1), 2, 3]), name: "offsets")
      let weight = try builder.parameter("weight", shape: [3], initializer: .ones)
      let scalar = builder.constant(Tensor(scalar: Float(2)), name: "factor")
      return try builder.add(Mul(), builder.add(Add(), builder.add(Add(), x, constant), weight), scalar)
    }
    let parameters = graph.initialParameters(seed: 1)
    let again = try OnnxReader.read(bytes: OnnxWriter.bytes(graph, parameters: parameters))
    #expect(again.parameters.names == ["weight"])
    let x = Tensor((0..<9).map(Float.init), shape: [1, 1, 3, 3])
    let before = try Interpreter(graph, parameters: parameters).run(["input": x])
    let after = try Interpreter(again.graph, parameters: again.parameters).run(["input": x])
    #expect(before["y"] == after["y"])
  }

  @Test func theBatchStaysOpen() throws {
    let model = try OnnxReader.read(Fixture.path("conv.onnx"))
    let shapes = OnnxOutputShapes(model.graph).extents
    guard case .named("N") = shapes[0][0], case .fixed(2) = shapes[0][1] else {
      Issue.record("\(shapes)")
      return
    }
    let again = try OnnxReader.read(bytes: OnnxWriter.bytes(model.graph, parameters: model.parameters))
    #expect(try again.graph.bound(batch: 4).fact(again.graph.outputs[0].value).shape == [4, 2, 2, 2])
  }

  /// Lists of strings, absent inputs in the middle, several outputs, and a domain of its own survive.
  @Test func recurrentLayersAndOptimizersComeBack() throws {
    let builder = GraphBuilder()
    let names = ["x", "w", "r"]
    let shapes: [Shape] = [[3, 2, 2], [2, 12, 2], [2, 12, 3]]
    var tensors: [String: Tensor] = [:]
    var values: [Value?] = []
    for (index, name) in names.enumerated() {
      let count = shapes[index].elementCount
      tensors[name] = Tensor((0..<count).map { Float($0 * 7 % 11 - 5) / 8 }, shape: shapes[index])
      values.append(try builder.input(name, dimensions: shapes[index].map { .fixed($0) }))
    }
    let functions: [RecurrentActivation] = [
      RecurrentActivation(.hardSigmoid, alpha: 0.3), RecurrentActivation(.scaledTanh, alpha: 2, beta: 0.5),
      RecurrentActivation(.softsign),
    ]
    let lstm = LSTM(
      RecurrentForm(hiddenSize: 3, direction: .bidirectional, activations: functions + functions, clip: 0.75))
    let lengths = builder.constant(Tensor([3, 1] as [Int32]))
    for (index, y) in try builder.add(lstm, values + [nil, lengths]).enumerated() {
      try builder.output("y\(index)", y)
    }
    let rate = builder.constant(Tensor(scalar: Float(0.5)))
    let count = builder.constant(Tensor(scalar: Int64(1)))
    let step = try builder.add(MomentumStep(alpha: 0.5), [rate, count, values[0], values[0], values[0]])
    for (index, y) in step.enumerated() { try builder.output("s\(index)", y) }
    let graph = builder.graph
    let again = try OnnxReader.read(bytes: OnnxWriter.bytes(graph, parameters: Parameters()))
    let before = try Interpreter(graph, parameters: Parameters()).run(tensors)
    #expect(before.count == 5)
    #expect(try Interpreter(again.graph, parameters: again.parameters).run(tensors) == before)
  }

  @Test func newOperatorsRaiseTheOpset() throws {
    let gelu = try classifier { try $0.add(Gelu(), $1) }
    #expect(try OnnxReader.read(bytes: OnnxWriter.bytes(gelu, parameters: Parameters())).opset == 20)
    let mish = try classifier { try $0.add(Mish(), $1) }
    #expect(try OnnxReader.read(bytes: OnnxWriter.bytes(mish, parameters: Parameters())).opset == 18)
  }

  @Test func outputsThatAreInputsOrTwiceTheSameGetTheirNames() throws {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 1, height: 1, width: 1)
    let y = try builder.add(Relu(), x, name: "second")
    try builder.output("same", x)
    try builder.output("first", y)
    try builder.output("second", y)
    let again = try OnnxReader.read(bytes: OnnxWriter.bytes(builder.graph, parameters: Parameters()))
    #expect(again.graph.outputs.map(\.name) == ["same", "first", "second"])
    let results = try Interpreter(again.graph, parameters: Parameters()).run([
      "input": Tensor(repeating: Float(-1), shape: [1, 1, 1, 1])
    ])
    #expect(results["same"]?.floats == [-1])
    #expect(results["second"]?.floats == [0])
  }

  @Test func missingWeightsAreNamed() throws {
    let model = try OnnxReader.read(Fixture.path("conv.onnx"))
    let error = formatError { _ = try OnnxWriter.bytes(model.graph, parameters: Parameters()) }
    #expect(error?.message.contains("'weight'") == true)
  }

  @Test func aFolderThatIsMissingIsNamedAndNothingIsLeft() throws {
    let model = try OnnxReader.read(Fixture.path("conv.onnx"))
    try Fixture.withFolder { folder in
      let error = formatError {
        try OnnxWriter.write(model.graph, parameters: model.parameters, to: "\(folder)/no/model.onnx")
      }
      #expect(error?.kind == .missing)
    }
  }
}
