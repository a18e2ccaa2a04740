import CAllocationCounter
import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionRuntime
import VisionTensor
import VisionTestSupport

extension Serial {
  @Suite struct AllocationTests {
    @Test(
      arguments: ["squeezenet1_1", "resnet18", "mobilenet_v2", "efficientnet-lite0", "lenet5", "alexnet"],
      ComputePrecision.allCases)
    func aRunAllocatesNothing(name: String, precision: ComputePrecision) throws {
      guard allocation_counter_works() else { return print("skipped: allocations cannot be counted here") }
      let architecture = try #require(Architecture.named(name))
      let graph = try architecture.graph()
      let plan = try Plan(graph, parameters: graph.initialParameters(seed: 1), precision: precision)
      // With two threads the calling one takes part in every loop, and the other runs the same kernels.
      for threads in [1, 2] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        try plan.run(in: &workspace)
        let before = allocation_counter_value()
        for _ in 0..<5 { try plan.run(in: &workspace) }
        #expect(allocation_counter_value() - before == 0)
      }
    }

    @Test(arguments: [true, false]) func aRunOfRecurrentLayersAllocatesNothing(areFrozen: Bool) throws {
      guard allocation_counter_works() else { return print("skipped: allocations cannot be counted here") }
      let lstm = LSTM(recurrentForm(LSTM.self, hidden: 37, direction: .bidirectional, clip: 0.7))
      let gru = GRU(recurrentForm(GRU.self, hidden: 21), appliesResetLast: true)
      let builder = GraphBuilder()
      var parameters = Parameters()
      func values(_ inputs: [Tensor?], _ name: String) throws -> [Value?] {
        try inputs.enumerated().map { index, tensor in
          guard let tensor else { return nil }
          if areFrozen, index == 1 || index == 2 || index == 3 {
            parameters["\(name)\(index)"] = tensor
            return try builder.parameter("\(name)\(index)", shape: tensor.shape, initializer: .zeros)
          }
          return try builder.input(
            "\(name)\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) })
        }
      }
      let first = recurrentInputs(
        lstm, steps: 5, batch: 3, features: 19, lengths: [5, 1, 0], peepholes: true)
      let second = recurrentInputs(gru, steps: 6, batch: 2, features: 9)
      try builder.output("a", builder.add(lstm, values(first, "l"))[0])
      let states = try builder.add(gru, values(second, "g"))[0]
      try builder.output("b", builder.add(Einsum("tdbh,tdch->bc"), states, states))
      let plan = try Plan(builder.graph, parameters: parameters)
      for threads in [1, 2] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        try plan.run(in: &workspace)
        let before = allocation_counter_value()
        for _ in 0..<5 { try plan.run(in: &workspace) }
        #expect(allocation_counter_value() - before == 0)
      }
    }

    @Test func theCounterCounts() throws {
      guard allocation_counter_works() else { return print("skipped: allocations cannot be counted here") }
      let before = allocation_counter_value()
      let array = [Int](repeating: 7, count: Int.random(in: 100...200))
      #expect(allocation_counter_value() > before)
      #expect(array.count >= 100)
    }
  }
}
