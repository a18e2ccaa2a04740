import CAllocationCounter
import Testing
import VisionCompute
import VisionLayers
import VisionRuntime
import VisionTensor

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

    @Test func theCounterCounts() throws {
      guard allocation_counter_works() else { return print("skipped: allocations cannot be counted here") }
      let before = allocation_counter_value()
      let array = [Int](repeating: 7, count: Int.random(in: 100...200))
      #expect(allocation_counter_value() > before)
      #expect(array.count >= 100)
    }
  }
}
