package import VisionCompute
package import VisionGraph
package import VisionTensor

/// Compiles graphs for a device.
///
/// A caller asks a backend for a plan, the plan for memory, and the memory for runs; it knows nothing else
/// about the device. A run is a single dynamic call, because a backend compiles whole plans. Steps and fusion
/// are private to the backend.
///
/// ```swift
/// let plan = try backend.compile(PlanRequest(graph.bound(batch: 8), parameters: model.parameters))
/// let memory = plan.makeMemory(for: executor)
/// memory.withInput(0) { $0.copyBytes(from: images) }
/// try memory.run()
/// let logits = memory.withOutput(0) { Array($0.bindMemory(to: Float.self)) }
/// ```
package protocol Backend: Sendable {
  /// - Throws: `GraphError` as `Plan` does.
  func compile(_ request: PlanRequest) throws(GraphError) -> any CompiledPlan
}

/// A graph compiled for a device. It is immutable; any number of threads can share it, each with its own
/// memory.
package protocol CompiledPlan: Sendable {
  /// The inputs and outputs of a run, in the order of the graph.
  var inputs: [Plan.Port] { get }
  var outputs: [Plan.Port] { get }
  /// Memory for runs on the threads of `executor`.
  func makeMemory(for executor: Executor) -> any PlanMemory
}

/// The memory of runs, for one thread at a time. Inputs and outputs are in host memory, whatever the device,
/// and their addresses do not change.
package protocol PlanMemory: AnyObject {
  /// Its size in bytes.
  var byteCount: Int { get }
  /// Calls `body` with the bytes of an input, to be filled before a run; runs do not change them.
  func withInput<Result>(_ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows
    -> Result
  /// Calls `body` with the bytes of an output as the last run left them.
  func withOutput<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
  /// Runs once; allocates nothing.
  func run() throws(GraphError)
  /// Runs once on tensors by name.
  ///
  /// - Throws: `GraphError` also when an input is missing or does not fit.
  func run(_ tensors: [String: Tensor]) throws(GraphError) -> [String: Tensor]
}
