import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct ArchitectureValuesTests {
  /// Logits that PyTorch 2.15 in float64 computes with the parameters below: strides, padding, ε, activations and the
  /// order of layers, which names and shapes do not tell.
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    /// Height and width of the images in pixels.
    let size: Int
    /// The first logits of the second image.
    let logits: [Float]
    var testDescription: String { name }

    init(_ name: String, size: Int, _ logits: [Float]) {
      self.name = name
      self.size = size
      self.logits = logits
    }
  }

  // torchvision 0.29 and efficientnet-lite-pytorch 0.1.0, the latter made for images of this size.
  static let golden = [
    Golden("squeezenet1_1", size: 33, [0.059094323, 0.10025676, 0, 0.044217607, 0.35745475, 0.2606532]),
    Golden(
      "resnet18", size: 32, [-0.0037264681, -0.45688379, 0.088316254, -0.5422114, 0.88561887, 0.28900453]),
    Golden("resnet50", size: 32, [-12.097388, -6.0503357, 2.596336, -7.3544916, -3.8452589, 22.213207]),
    Golden(
      "mobilenet_v2", size: 36,
      [-0.044341605, 0.0056495801, -0.0079306246, 0.022144079, 0.24426343, -0.13335293]),
    Golden(
      "efficientnet-lite0", size: 36,
      [0.11521605, -0.048563549, 0.16465715, -0.022268803, -0.059002021, -0.057901677]),
    Golden(
      "efficientnet-lite2", size: 36,
      [0.051654669, -0.057664861, 0.066196791, -0.090593402, -0.12052537, -0.032112585]),
  ]

  @Test(arguments: golden) func logitsAreThoseOfPyTorch(_ golden: Golden) throws {
    let architecture = try #require(Architecture.named(golden.name))
    let graph = try architecture.graph(input: (3, golden.size, golden.size)).bound(batch: 2)
    let shape: Shape = [2, 3, golden.size, golden.size]
    let image = Tensor(Philox(seed: 99).normal(count: shape.elementCount, stream: 1 << 40), shape: shape)
    let result = try Interpreter(graph, parameters: parameters(of: graph)).run(["input": image])
    let logits = try #require(result["logits"]).floats[1000...]
    let range = golden.logits.map(abs).max() ?? 0
    for (value, expected) in zip(logits, golden.logits) {
      #expect(abs(value - expected) <= 1e-5 * range)
    }
  }

  /// Initial values, but with statistics, factors and offsets that are neither 0 nor 1.
  private func parameters(of graph: Graph) throws -> Parameters {
    var parameters = graph.initialParameters(seed: 7)
    let random = Philox(seed: 99)
    for (index, name) in parameters.names.enumerated() {
      let tensor = try #require(parameters[name])
      guard tensor.shape.rank == 1 else { continue }
      let uniform = random.uniform(count: tensor.elementCount, stream: UInt64(index))
      let values: [Float] =
        if name.hasSuffix("running_var") {
          uniform.map { 0.5 + $0 }
        } else if name.hasSuffix("running_mean") {
          uniform.map { ($0 - 0.5) * 0.4 }
        } else if name.hasSuffix("weight") {
          uniform.map { 0.7 + $0 * 0.6 }
        } else {
          uniform.map { ($0 - 0.5) * 0.2 }
        }
      parameters[name] = Tensor(values, shape: tensor.shape)
    }
    return parameters
  }
}
