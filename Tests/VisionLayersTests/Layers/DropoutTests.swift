import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct DropoutTests {
  @Test func isTheIdentityUntilItIsTrained() throws {
    #expect(try run(Dropout(0.5), [1, -2, 3], [1, 3]) == Tensor([Float(1), -2, 3], shape: [1, 3]))
  }

  @Test func theRateIsAConstantOfTheGraph() throws {
    let graph = try graph(of: Dropout(0.25).named("drop"), input: [1, 3])
    let ratio = try #require(graph.value(named: "drop.ratio"))
    #expect(graph.fact(ratio).value == Tensor(scalar: Float(0.25)))
    #expect(graph.nodes.map(\.name) == ["drop"])
  }

  @Test(arguments: [-0.1, 1, Float.nan]) func ratesThatAreNoShareAreRefused(_ rate: Float) {
    #expect(throws: GraphError.self) { try graph(of: Dropout(rate), input: [1, 3]) }
  }
}
