import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct LayerTests {
  /// What a user writes to add a layer of their own.
  struct Scale: Layer {
    func callAsFunction(_ x: Value) throws(GraphError) -> Value {
      let factor = try x.graph.parameter("factor", shape: [], initializer: .ones)
      return try x.graph.add(Mul(), x, factor)
    }
  }

  @Test func aLayerOfOnesOwnIsADozenLines() throws {
    let network = Sequential {
      Scale(); Scale().named("twice")
    }
    let result = try run(network, [1, -2], [1, 2], parameters: ["0.factor": [3], "twice.factor": [2]])
    #expect(result == Tensor([Float(6), -12], shape: [1, 2]))
  }

  @Test func theBatchOfAGraphIsOpen() throws {
    let graph = try Sequential {
      Conv2D(4, kernel: 3, stride: 2); GlobalAveragePool(); Dense(7)
    }
    .graph(input: (3, 9, 8), inputName: "image", output: "scores")
    #expect(graph.inputs.map { graph[$0].name } == ["image"])
    #expect(graph.outputs.map(\.name) == ["scores"])
    let bound = try graph.bound(batch: 5)
    #expect(bound.outputs.map { bound.fact($0.value).shape } == [[5, 7]])
  }

  @Test func twoLayersOfOneNameAreRefused() throws {
    let error = #expect(throws: GraphError.self) {
      try Sequential {
        Dense(2).named("a"); Dense(2).named("a")
      }.graph(of: [1, 2])
    }
    #expect(error?.kind == .name)
    #expect(error?.place == "a.weight")
  }

  @Test func imagesWithoutElementsAreRefused() {
    #expect(throws: GraphError.self) { try ReLU().graph(input: (3, 0, 8)) }
    #expect(throws: GraphError.self) { try ReLU().graph(input: (-3, 8, 8)) }
  }

  @Test func errorsNameTheLayer() throws {
    let error = #expect(throws: GraphError.self) {
      try Sequential { Sequential { Conv2D(4, kernel: 9, padding: .valid) }.named("features") }
        .graph(input: (3, 4, 4))
    }
    #expect(error?.place == "features.0")
    let dense = #expect(throws: GraphError.self) { try Dense(4).named("head").graph(input: (3, 4, 4)) }
    #expect(dense?.place == "head")
    #expect(dense?.remedy != nil)
  }
}

extension Layer {
  func graph(of shape: Shape) throws(GraphError) -> Graph {
    try VisionLayersTests.graph(of: self, input: shape)
  }
}
