import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct LayerNormTests {
  @Test func normalizesTheLastAxis() throws {
    let result = try run(
      LayerNorm(epsilon: 3), [1, 3, 10, 14], [2, 2], parameters: ["weight": [2, 4], "bias": [0, 5]])
    // Deviations ±1 and ±2, variances 1 and 4: 1/√(1+3) and 2/√(4+3).
    let values = try #require(result).floats
    let second = 2 / Float(7).squareRoot()
    for (value, golden) in zip(values, [-1, 7, -2 * second, 4 * second + 5]) {
      #expect(abs(value - golden) < 1e-6)
    }
  }

  @Test func hasTwoParametersAsLongAsTheLastAxis() throws {
    let graph = try graph(of: LayerNorm(), input: [2, 3, 5])
    #expect(graph.parameters.map { "\($0.name) \($0.fact.shape)" } == ["weight 5", "bias 5"])
    #expect(throws: GraphError.self) { try VisionLayersTests.graph(of: LayerNorm(), input: [3]) }
  }
}
