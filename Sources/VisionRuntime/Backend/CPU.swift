package import VisionCompute
package import VisionGraph

/// The processor, with the threads and the instruction set of an executor.
package struct CPU: Backend {
  private let executor: Executor

  /// Memories of one plan share the executor. Where several threads run at once, each in memory of its own, it had better have one
  /// thread: they would wait for each other's loops.
  package init(_ executor: Executor = Executor()) { self.executor = executor }

  package func compile(_ request: PlanRequest) throws(GraphError) -> any CompiledPlan {
    let plan = try Plan(
      request.graph, parameters: request.parameters, weights: request.weights,
      instructionSet: executor.instructionSet, memoryLimit: request.memoryLimit,
      convolutions: request.convolutions, precision: request.precision)
    return Compiled(plan: plan, executor: executor)
  }

  private struct Compiled: CompiledPlan {
    let plan: Plan
    let executor: Executor

    var inputs: [Plan.Port] { plan.inputs }
    var outputs: [Plan.Port] { plan.outputs }
    var memoryByteCount: Int { plan.workspaceByteCount(threads: executor.threads) }
    func makeMemory() -> any PlanMemory { Memory(plan, executor) }
  }

  private final class Memory: PlanMemory {
    private let plan: Plan
    private var workspace: Workspace

    init(_ plan: Plan, _ executor: Executor) {
      self.plan = plan
      workspace = plan.makeWorkspace(for: executor)
    }

    func withInput<Result>(_ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows
      -> Result
    {
      try workspace.withInput(index, body)
    }

    func withOutput<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
      -> Result
    {
      try workspace.withOutput(index, body)
    }

    func run() throws(GraphError) { try plan.run(in: &workspace) }
  }
}
