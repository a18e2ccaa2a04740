import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct ConcatenateTests {
  @Test func joinsTheChannelsOfItsBranches() throws {
    let layer = Concatenate {
      ReLU()
      Sequential {
        LeakyReLU(0.5); LeakyReLU(0.5)
      }
    }
    let result = try run(layer, [4, -8], [1, 2, 1, 1])
    #expect(result == Tensor([Float(4), 0, 4, -2], shape: [1, 4, 1, 1]))
  }

  @Test func joinsAlongOtherAxes() throws {
    let graph = try graph(
      of: Concatenate(axis: 3) {
        ReLU(); ReLU(); ReLU()
      }, input: [2, 3, 4, 5])
    #expect(graph.outputs.map { graph.fact($0.value).shape } == [[2, 3, 4, 15]])
  }

  @Test func branchesAreNamedByTheirPosition() throws {
    let layer = Concatenate {
      Dense(1, bias: false); Dense(2, bias: false).named("wide")
    }
    #expect(try parameterNames(layer, input: [1, 3]) == ["0.weight", "wide.weight"])
  }

  @Test func noBranchesAreRefused() {
    let error = #expect(throws: GraphError.self) { try graph(of: Concatenate {}, input: [1, 3]) }
    #expect(error?.kind == .structure)
  }
}
