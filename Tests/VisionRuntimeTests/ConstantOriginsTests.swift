import Testing
import VisionCompute
import VisionGraph
import VisionTensor

@testable import VisionRuntime

/// Graphs that have the same names and other constants may share a store of weights.
@Suite struct ConstantOriginsTests {
  /// y = conv(x, weights) + (a + b), where weights, a and b are constants.
  private func graph(_ number: Float, side: Int = 4) throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [1, 3, side, side].map { .fixed($0) })
    let weights = builder.constant(
      Tensor((0..<12).map { Float($0) * number }, shape: [4, 3, 1, 1]), name: "weights")
    let y = try builder.add(Conv(window: Window(kernel: [1, 1])), x, weights, name: "conv")
    let a = builder.constant(Tensor([number, 1, 2, 3] as [Float], shape: [1, 4, 1, 1]), name: "a")
    let b = builder.constant(Tensor([0.5, number, 2, 3] as [Float], shape: [1, 4, 1, 1]), name: "b")
    let sum = try builder.add(Add(), a, b, name: "sum")
    try builder.output("y", try builder.add(Mul(), y, sum, name: "product"))
    return builder.graph
  }

  @Test func oneStoreServesGraphsThatDiffer() throws {
    let store = WeightStore()
    for (number, side) in [(1, 4), (2, 4), (1, 4), (3, 6)] as [(Float, Int)] {
      let graph = try graph(number, side: side)
      let input = ["x": Tensor(Philox(seed: 3).normal(count: 3 * side * side), shape: [1, 3, side, side])]
      let expected = try #require(try Interpreter(graph, parameters: Parameters()).run(input)["y"])
      let plan = try Plan(graph, parameters: Parameters(), weights: store)
      let result = try #require(try plan.run(input, on: Executor(threads: 1))["y"])
      let distance = zip(result.doubles, expected.doubles).map { abs($0 - $1) }.max() ?? .infinity
      #expect(distance < 1e-4, "\(number) \(side)")
    }
  }

  /// What is equal is kept once.
  @Test func equalConstantsShareTheirWeights() throws {
    let store = WeightStore()
    _ = try Plan(graph(1), parameters: Parameters(), weights: store)
    let count = store.packedWeights.count
    _ = try Plan(graph(1), parameters: Parameters(), weights: store)
    #expect(count > 0 && store.packedWeights.count == count)
    _ = try Plan(graph(2), parameters: Parameters(), weights: store)
    #expect(store.packedWeights.count == 2 * count)
  }

  @Test func weightsOfParametersAreKeptByTheirNames() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [1, 3, 4, 4].map { .fixed($0) })
    let weights = try builder.parameter("weights", shape: [4, 3, 1, 1], initializer: .zeros)
    try builder.output("y", try builder.add(Conv(window: Window(kernel: [1, 1])), x, weights, name: "conv"))
    let graph = builder.graph
    var origins = ConstantOrigins()
    #expect(origins.origin(of: graph.nodes[0].inputs, in: graph) == nil)
    let other = try self.graph(1)
    let node = try #require(other.nodes.first { $0.name == "sum" })
    let sum = node.outputs[0]
    var others = ConstantOrigins()
    #expect(others.origin(of: sum, in: other) != nil)
  }
}
