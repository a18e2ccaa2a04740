import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct GroupedPlanTests {
  /// relu(conv(x, w) + b) with four groups.
  private func network(width: Int) throws -> (graph: Graph, parameters: Parameters) {
    let builder = GraphBuilder()
    let channels = 4 * width
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(channels), .fixed(9), .fixed(8)])
    let w = try builder.parameter("w", shape: [channels, width, 3, 3], initializer: .kaimingUniform)
    let b = try builder.parameter("b", shape: [channels], initializer: .ones)
    let conv = Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1])), groups: 4)
    try builder.output("y", builder.add(Relu(), builder.add(conv, x, w, b)))
    return (builder.graph, builder.graph.initialParameters(seed: 6))
  }

  /// Channels of a group, which as many outputs read, on every machine.
  @Test(arguments: [2, 4]) func narrowGroupsAreComputedSeveralAtATime(width: Int) throws {
    let (graph, parameters) = try network(width: width)
    let shape: Shape = [2, 4 * width, 9, 8]
    let inputs = ["x": Tensor(Philox(seed: 1).normal(count: shape.elementCount), shape: shape)]
    let expected = try #require(Interpreter(graph, parameters: parameters).run(inputs)["y"])
    var results: [Tensor] = []
    for convolutions in [ConvolutionAlgorithm.automatic, .direct] {
      let plan = try Plan(graph, parameters: parameters, convolutions: convolutions)
      let names = plan.explanation(threads: 1).steps.map(\.algorithm)
      #expect(names.contains("direct (rows of groups)") == (convolutions == .automatic))
      results.append(try #require(plan.run(inputs, on: Executor(threads: 2))["y"]))
    }
    #expect(results[0] == results[1])
    expectClose(results[0], expected, tolerance: 1e-5)
  }

  @Test func wideGroupsAreNot() throws {
    let (graph, parameters) = try network(width: 24)
    let plan = try Plan(graph, parameters: parameters)
    #expect(!plan.explanation(threads: 1).steps.map(\.algorithm).contains("direct (rows of groups)"))
  }
}
