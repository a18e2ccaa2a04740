import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct DensePlanTests {
  /// A dense layer whose weights come from memory, behind a ReLU, with its weights in either order.
  private func network(
    batch: Int, inputs: Int, outputs: Int, transposed: Bool
  ) throws -> (Graph, Parameters, [String: Tensor]) {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(batch), .fixed(inputs)])
    let shape: Shape = transposed ? [outputs, inputs] : [inputs, outputs]
    let w = try builder.parameter("w", shape: shape, initializer: .zeros)
    let b = try builder.parameter("b", shape: [outputs], initializer: .zeros)
    try builder.output("y", builder.add(Gemm(transposesB: transposed), builder.add(Relu(), x), w, b))
    let numbers = Philox(seed: 8)
    var parameters = Parameters()
    parameters["w"] = Tensor(numbers.normal(count: inputs * outputs), shape: shape)
    parameters["b"] = Tensor(numbers.normal(count: outputs, stream: 1))
    let input = Tensor(numbers.normal(count: batch * inputs, stream: 2), shape: [batch, inputs])
    return (builder.graph, parameters, ["x": input])
  }

  @Test(arguments: [true, false]) func inputsThatAreZeroAreLeftOut(_ transposed: Bool) throws {
    let (graph, parameters, input) = try network(
      batch: 1, inputs: 2050, outputs: 1030, transposed: transposed)
    let reference = try #require(Interpreter(graph, parameters: parameters).run(input)["y"])
    let plan = try Plan(graph, parameters: parameters)
    let step = try #require(plan.explanation(threads: 1).steps.first { $0.kernelName == "dense" })
    #expect(step.algorithm == "inputs that are not zero")
    #expect(step.weightByteCount >= 4 * 2050 * 1030)
    let results = try [1, 2, 3].map { threads in
      try #require(plan.run(input, on: Executor(threads: threads))["y"])
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    expectClose(results[0], reference, tolerance: 2e-6)
  }

  @Test func onlyOneRowAndLargeWeights() throws {
    for (batch, inputs) in [(2, 2050), (1, 1500)] {
      let (graph, parameters, input) = try network(
        batch: batch, inputs: inputs, outputs: 1030, transposed: true)
      let plan = try Plan(graph, parameters: parameters)
      let step = try #require(plan.explanation(threads: 1).steps.first { $0.kernelName == "dense" })
      #expect(step.algorithm == "matrix product")
      let reference = try #require(Interpreter(graph, parameters: parameters).run(input)["y"])
      let y = try #require(plan.run(input, on: Executor(threads: 1))["y"])
      expectClose(y, reference, tolerance: 2e-6)
    }
  }
}
