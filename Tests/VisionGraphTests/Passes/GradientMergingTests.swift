import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GradientMergingTests {
  /// Gradients of a sum of convolutions of one input: all of them read the same gradient of the sum.
  private func gradients(of windows: [Window], first: Bool = true) throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(3), .fixed(6), .fixed(5)])
    var sum = try builder.add(Relu(), x)
    let features = sum
    for (index, window) in windows.enumerated() {
      let w = try builder.parameter(
        "w\(index)", shape: Shape([3, 3] + window.kernel), initializer: .kaimingUniform)
      let y = try builder.add(Conv(window: window), features, w)
      sum = index == 0 ? y : try builder.add(Add(), sum, y)
    }
    try builder.output("y", sum)
    let target = try builder.input("target", dimensions: [.fixed(2), .fixed(3), .fixed(6), .fixed(5)])
    try builder.output("loss", builder.add(MeanSquaredError(), sum, target))
    let weights = windows.indices.map { "w\($0)" }
    return try builder.graph.differentiated(
      loss: "loss", withRespectTo: first ? ["x"] + weights : weights)
  }

  private let pointwise = Window(kernel: [1, 1])
  private let padded = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))

  private func count(_ graph: Graph, _ name: String) -> Int {
    graph.nodes.count { type(of: $0.operation).name == name }
  }

  private func expectSameResults(_ a: Graph, _ b: Graph) throws {
    let parameters = a.initialParameters(seed: 3)
    let shape: Shape = [2, 3, 6, 5]
    let inputs = [
      "x": Tensor(Philox(seed: 1).normal(count: shape.elementCount), shape: shape),
      "target": Tensor(Philox(seed: 2).normal(count: shape.elementCount), shape: shape),
    ]
    let results = try Interpreter(a, parameters: parameters).run(inputs)
    #expect(try results == Interpreter(b, parameters: parameters).run(inputs))
    #expect(results.count == a.outputs.count)
  }

  @Test func bothGradientsBecomeOneNode() throws {
    let graph = try gradients(of: [padded])
    let merged = try GradientMerging { _, _ in true }.run(graph)
    #expect(count(graph, "ConvInputGradient") == 1 && count(graph, "ConvWeightGradient") == 1)
    #expect(count(merged, "ConvGradients") == 1)
    #expect(count(merged, "ConvInputGradient") == 0 && count(merged, "ConvWeightGradient") == 0)
    #expect(merged.flops == graph.flops)
    try expectSameResults(graph, merged)
  }

  @Test func convolutionsThatShareAGradientKeepTheirOwn() throws {
    for windows in [[padded, pointwise], [pointwise, padded], [pointwise, pointwise]] {
      let graph = try gradients(of: windows)
      let merged = try GradientMerging { _, _ in true }.run(graph)
      #expect(count(merged, "ConvGradients") >= 1)
      try expectSameResults(graph, merged)
    }
  }

  @Test func whatIsNotWantedOrHasNoPartnerStays() throws {
    let graph = try gradients(of: [padded, pointwise])
    let none = try GradientMerging { _, _ in false }.run(graph)
    #expect(count(none, "ConvGradients") == 0)
    #expect(none.nodes.count == graph.nodes.count)
    let weightsOnly = try GradientMerging { _, _ in true }.run(gradients(of: [padded], first: false))
    #expect(count(weightsOnly, "ConvGradients") == 0)
    #expect(count(weightsOnly, "ConvWeightGradient") == 1)
  }

  @Test func shapesThatDoNotFitAreRefused() throws {
    let op = ConvGradients(window: pointwise)
    let w = Fact(.float32, [4, 3, 1, 1])
    let x = Fact(.float32, [2, 3, 6, 5])
    #expect(try op.outputs([Fact(.float32, [2, 4, 6, 5]), w, x]).map(\.shape) == [x.shape, w.shape])
    #expect(throws: ShapeError.self) { try op.outputs([Fact(.float32, [2, 4, 6, 4]), w, x]) }
    #expect(throws: ShapeError.self) { try op.outputs([Fact(.float64, [2, 4, 6, 5]), w, x]) }
  }
}
