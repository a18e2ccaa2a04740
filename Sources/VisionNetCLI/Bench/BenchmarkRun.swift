import VisionRuntime
import VisionCompute
import VisionNet
import VisionSystem

/// A plan with memory and threads, ready to be timed.
struct BenchmarkRun: ~Copyable {
  let plan: Plan
  private var workspace: Workspace

  init(
    _ graph: Graph, parameters: Parameters, executor: Executor,
    convolutions: ConvolutionAlgorithm = .automatic, precision: ComputePrecision = .float32
  ) throws(GraphError) {
    plan = try Plan(graph, parameters: parameters, convolutions: convolutions, precision: precision)
    workspace = plan.makeWorkspace(for: executor)
  }

  /// Fills the float32 inputs with normally distributed numbers from a fixed seed; other inputs stay zero.
  mutating func fillInputs() {
    for (index, port) in plan.inputs.enumerated() where port.fact.type == .float32 {
      let numbers = Philox(seed: 1).normal(count: port.fact.shape.elementCount, stream: UInt64(index))
      workspace.withInput(index) { target in numbers.withUnsafeBytes { target.copyMemory(from: $0) } }
    }
  }

  /// Fills input `index`.
  mutating func fill(_ index: Int, with tensor: Tensor) {
    tensor.withUnsafeBytes { bytes in workspace.withInput(index) { $0.copyMemory(from: bytes) } }
  }

  /// Output `index` of the last run as numbers; empty unless it is float32.
  func output(_ index: Int) -> [Float] {
    guard plan.outputs[index].fact.type == .float32 else { return [] }
    return workspace.withOutput(index) { bytes in [Float](bytes.bindMemory(to: Float.self)) }
  }

  /// Runs once and returns the seconds it took, including the conversion of an input in another layout.
  mutating func time() throws(GraphError) -> Double {
    let start = POSIX.seconds
    try plan.run(in: &workspace)
    return POSIX.seconds - start
  }

  /// Runs `runs` times and records when each step began and ended.
  mutating func trace(runs: Int) throws(GraphError) -> PlanTrace {
    try plan.trace(runs: runs, in: &workspace)
  }
}
