package import VisionCompute
package import VisionGraph
import VisionTensor

/// The processor, with the kernels of an instruction set.
package struct CPU: Backend {
  private let instructionSet: InstructionSet

  package init(_ instructionSet: InstructionSet = .preferred) { self.instructionSet = instructionSet }

  package func compile(_ request: PlanRequest) throws(GraphError) -> any CompiledPlan {
    try Compiled(
      plan: Plan(
        request.graph, parameters: request.parameters, weights: request.weights,
        instructionSet: instructionSet,
        memoryLimit: request.memoryLimit, convolutions: request.convolutions, precision: request.precision))
  }

  private struct Compiled: CompiledPlan {
    let plan: Plan

    var inputs: [Plan.Port] { plan.inputs }
    var outputs: [Plan.Port] { plan.outputs }
    func makeMemory(for executor: Executor) -> any PlanMemory { Memory(plan, executor) }
  }

  private final class Memory: PlanMemory {
    private let plan: Plan
    private var workspace: Workspace

    init(_ plan: Plan, _ executor: Executor) {
      self.plan = plan
      workspace = plan.makeWorkspace(for: executor)
    }

    var byteCount: Int { workspace.byteCount }

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

    func run(_ tensors: [String: Tensor]) throws(GraphError) -> [String: Tensor] {
      try plan.run(tensors, in: &workspace)
    }
  }
}
