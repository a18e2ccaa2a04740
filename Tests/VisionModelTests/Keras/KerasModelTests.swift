import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// Models that Keras 3.15 has saved, with what TensorFlow 2.21 computes with them.
@Suite struct KerasModelTests {
  private func model(_ name: String) throws -> Model {
    try Model(foreign: Gzip.unpack(ByteRange(Fixture.bytes(name + ".gz")), limit: 1 << 20).array)
  }

  /// Numbers that N×H×W×C images had for TensorFlow, as N×C×H×W.
  private func images(_ shape: [Int]) throws -> Tensor {
    let numbers = (0..<shape.reduce(1, *)).map { Float(Double($0 * 7 % 13) / 13 - 0.5) }
    return try Transpose([0, 3, 1, 2]).evaluate([Tensor(numbers, shape: Shape(shape))])[0]
  }

  private func run(_ model: Model, _ shape: [Int]) throws -> [String: Tensor] {
    let name = model.graph[model.graph.inputs[0]].name
    let input = try images(shape)
    let graph = try model.graph.bound(to: [name: input.shape])
    return try Interpreter(graph, parameters: model.parameters).run([name: input])
  }

  private func check(_ tensor: Tensor?, _ expected: [Float]) throws {
    let numbers = try #require(tensor).floats
    #expect(numbers.count == expected.count)
    for (a, b) in zip(numbers, expected) { #expect(abs(a - b) < 2e-6, "\(a) \(b)") }
  }

  /// ZeroPadding2D, Conv2D with stride and asymmetric borders, BatchNormalization, SeparableConv2D with two filters a channel,
  /// DepthwiseConv2D, Add, Concatenate, LeakyReLU, both poolings, Dense, Reshape, Multiply, UpSampling2D, Cropping2D, Flatten.
  @Test func aFunctionalModelComputesWhatTensorFlowDoes() throws {
    let model = try model("functional.h5")
    let outputs = try run(model, [2, 9, 8, 3])
    try check(
      outputs["probabilities"],
      [
        0.5892553925514221, 0.19330522418022156, 0.21743935346603394, 0.5112449526786804, 0.2695082724094391,
        0.21924683451652527,
      ])
    #expect(outputs["logits"]?.shape == [2, 3])
    #expect(model.graph.outputs.map(\.name) == ["logits", "probabilities"])
    // It is written as ONNX and read again.
    let again = try Model(bytes: model.bytes())
    try check(try run(again, [2, 9, 8, 3])["logits"], try #require(outputs["logits"]).floats)
  }

  @Test func aSequentialModelComputesWhatTensorFlowDoes() throws {
    let outputs = try run(try model("sequential.h5"), [2, 6, 5, 1])
    try check(
      outputs["two"], [0.6529669761657715, 0.5149583220481873, 0.6317553520202637, 0.49305108189582825])
  }

  @Test func filesWithoutANetworkAreRefused() throws {
    let storage = try Gzip.unpack(ByteRange(Fixture.bytes("storage.h5.gz")), limit: 1 << 20).array
    let error = formatError { _ = try Model(foreign: storage) }
    #expect(error?.kind == .unsupported && error?.message.contains("no Keras model") == true)
  }

  @Test func aModelIsReadByItsPath() throws {
    try Fixture.withFolder { folder in
      let bytes = try Gzip.unpack(ByteRange(Fixture.bytes("sequential.h5.gz")), limit: 1 << 20).array
      try Fixture.write(bytes, to: "\(folder)/model.h5")
      #expect(try Model(contentsOf: "\(folder)/model.h5").graph.outputs.map(\.name) == ["two"])
      try Fixture.write(Array(bytes.prefix(3000)), to: "\(folder)/cut.h5")
      let error = formatError { _ = try Model(contentsOf: "\(folder)/cut.h5") }
      #expect(error?.kind == .truncated && error?.file == "\(folder)/cut.h5")
    }
  }

  @Test func damagedModelsAreRefused() throws {
    let bytes = try Gzip.unpack(ByteRange(Fixture.bytes("sequential.h5.gz")), limit: 1 << 20).array
    // Its head, whose beginnings are tried one by one, holds the superblock, the root group and a part of its attributes.
    _ = checkHostile(Array(bytes.prefix(600)), flips: 500) { _ = try Model(foreign: $0) }
    var state: UInt64 = 3
    for _ in 0..<400 {
      var changed = bytes
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        changed[Int(state >> 33) % changed.count] = UInt8(truncatingIfNeeded: state >> 25)
      }
      _ = try? Model(foreign: changed)
    }
  }
}
