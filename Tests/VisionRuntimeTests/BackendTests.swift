import Testing
import VisionCompute
import VisionGraph
import VisionTensor

@testable import VisionRuntime

/// What is run by way of a backend is what a plan runs.
@Suite struct BackendTests {
  private func network() throws -> (graph: Graph, parameters: Parameters) {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(2), .fixed(3), .fixed(8), .fixed(8)])
    let w = try builder.parameter("w", shape: [4, 3, 3, 3], initializer: .zeros)
    let y = try builder.add(Relu(), builder.add(Conv(window: Window(kernel: [3, 3])), x, w))
    try builder.output("y", y)
    try builder.output("mean", builder.add(GlobalAveragePool(), y))
    let numbers = Philox(seed: 2).normal(count: 108)
    var parameters = Parameters()
    parameters["w"] = Tensor(numbers, shape: [4, 3, 3, 3])
    return (builder.graph, parameters)
  }

  @Test(arguments: ConvolutionAlgorithm.allCases)
  func givesWhatThePlanGives(_ algorithm: ConvolutionAlgorithm) throws {
    let (graph, parameters) = try network()
    let x = Tensor(Philox(seed: 3).normal(count: 384), shape: [2, 3, 8, 8])
    let plan = try Plan(graph, parameters: parameters, convolutions: algorithm)
    let expected = try plan.run(["x": x], on: Executor(threads: 1))
    var request = PlanRequest(graph, parameters: parameters)
    request.convolutions = algorithm
    let compiled = try CPU(Executor(threads: 2)).compile(request)
    #expect(compiled.inputs.map(\.name) == ["x"] && compiled.outputs.map(\.name) == ["y", "mean"])
    #expect(compiled.memoryByteCount >= plan.arenaByteCount)
    // Two memories of one plan do not know each other.
    let memories = [compiled.makeMemory(), compiled.makeMemory()]
    for memory in memories {
      x.withUnsafeBytes { bytes in memory.withInput(0) { $0.copyMemory(from: bytes) } }
    }
    memories[1].withInput(0) { _ = $0.initializeMemory(as: UInt8.self, repeating: 0) }
    for memory in memories { try memory.run() }
    for (index, port) in compiled.outputs.enumerated() {
      let floats = memories.map { $0.withOutput(index) { Array($0.bindMemory(to: Float.self)) } }
      #expect(floats[0] == expected[port.name]?.floats)
      #expect(floats[1].allSatisfy { $0 == 0 })
    }
  }

  @Test func passesOnWhatAPlanRefuses() throws {
    let (graph, parameters) = try network()
    var request = PlanRequest(graph, parameters: parameters)
    request.memoryLimit = 64
    #expect { try CPU(Executor(threads: 1)).compile(request) } throws: {
      ($0 as? GraphError)?.kind == .tooLarge
    }
  }
}
