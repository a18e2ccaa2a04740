import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionRuntime
import VisionTensor

@Suite struct PlanTraceTests {
  @Test func everyStepOfEveryRunHasItsTime() throws {
    let graph = try #require(Architecture.named("lenet5")).graph()
    let plan = try Plan(graph, parameters: graph.initialParameters(seed: 1))
    var workspace = plan.makeWorkspace(for: Executor(threads: 2))
    let numbers = Philox(seed: 3).normal(count: plan.inputs[0].fact.shape.elementCount)
    workspace.withInput(0) { target in numbers.withUnsafeBytes { target.copyMemory(from: $0) } }
    try plan.run(in: &workspace)
    let expected = workspace.withOutput(0) { Array($0) }
    let trace = try plan.trace(runs: 4, in: &workspace)
    // The steps of a trace are those of a run.
    #expect(workspace.withOutput(0) { Array($0) } == expected)
    #expect(trace.steps == plan.explanation(threads: 2).steps)
    #expect(trace.times.count == 4 && trace.plainSeconds.count == 4)
    var last = 0
    for times in trace.times {
      #expect(times.count == trace.steps.count + 1)
      for time in times {
        #expect(time >= last)
        last = time
      }
    }
    #expect(trace.medians.count == trace.steps.count && trace.medians.allSatisfy { $0 >= 0 })
    #expect(trace.tracedSeconds > 0 && trace.untracedSeconds > 0)
  }
}
