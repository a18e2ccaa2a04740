import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct ActivationTests {
  private func check(
    _ layer: some Layer, _ expected: [Float], tolerance: Float = 1e-6, _ location: SourceLocation
  ) throws {
    let x: [Float] = [-4, -1, 0, 0.5, 2, 8]
    let values = try #require(try run(layer, x, [1, 6])).floats
    for (value, golden) in zip(values, expected) {
      #expect(abs(value - golden) <= tolerance * max(1, abs(golden)), sourceLocation: location)
    }
  }

  // Golden values: PyTorch 2.15, torch.nn.functional, float64 rounded.
  @Test func agreeWithPyTorch() throws {
    try check(ReLU(), [0, 0, 0, 0.5, 2, 8], tolerance: 0, #_sourceLocation)
    try check(ReLU6(), [0, 0, 0, 0.5, 2, 6], tolerance: 0, #_sourceLocation)
    try check(LeakyReLU(), [-0.04, -0.01, 0, 0.5, 2, 8], #_sourceLocation)
    try check(SiLU(), [-0.0719448398, -0.268941421, 0, 0.311229666, 1.76159416, 7.9973172], #_sourceLocation)
    try check(GELU(), [-0.000126684967, -0.158655254, 0, 0.345731231, 1.95449974, 8], #_sourceLocation)
    try check(
      ElementwiseLayer(Sigmoid()), [0.01798621, 0.268941421, 0.5, 0.622459331, 0.880797078, 0.99966465],
      #_sourceLocation)
    try check(
      ElementwiseLayer(Tanh()), [-0.9993293, -0.761594156, 0, 0.462117157, 0.96402758, 0.999999775],
      #_sourceLocation)
    try check(
      ElementwiseLayer(HardSwish()), [-0, -0.333333333, 0, 0.291666667, 1.66666667, 8], #_sourceLocation)
  }

  @Test func softmaxSumsToOneAlongTheLastAxis() throws {
    let values = try #require(try run(Softmax(), [0, 0, 1, 1000], [2, 2])).floats
    #expect(values == [0.5, 0.5, 0, 1])
  }

  /// Whether it has a layer's name or not, with a name of its own or without one.
  @Test func anyFunctionOfOneElementStandsAmongLayers() throws {
    let layers = Sequential {
      Softplus()
      Tanh().named("squashed")
      if true { Neg() }
    }
    let graph = try layers.graph(input: (1, 1, 4))
    #expect(graph.nodes.map { type(of: $0.operation).name } == ["Softplus", "Tanh", "Neg"])
    #expect(graph.nodes[1].name.hasSuffix("squashed"))
  }
}
