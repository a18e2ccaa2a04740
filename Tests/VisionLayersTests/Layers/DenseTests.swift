import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct DenseTests {
  @Test func multipliesByTheTransposedWeights() throws {
    let result = try run(
      Dense(2), [1, 2, 3, 4, 5, 6], [2, 3], parameters: ["weight": [1, 0, 0, 1, 1, 1], "bias": [10, 20]])
    #expect(result == Tensor([Float(11), 26, 14, 35], shape: [2, 2]))
  }

  @Test func hasOneRowOfWeightsAUnit() throws {
    let graph = try graph(of: Dense(5), input: [1, 3])
    #expect(graph.parameters.map(\.name) == ["weight", "bias"])
    #expect(graph.parameters.map(\.fact.shape) == [[5, 3], [5]])
    #expect(try parameterNames(Dense(5, bias: false), input: [1, 3]) == ["weight"])
  }

  @Test(arguments: [0, -1, Int.max]) func impossibleWidthsAreRefused(_ units: Int) {
    #expect(throws: GraphError.self) { try graph(of: Dense(units), input: [1, 3]) }
  }
}
