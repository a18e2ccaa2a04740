package import VisionGraph

/// Compiles graphs for a device.
///
/// What runs networks asks a backend for a plan, the plan for memory, and the memory for runs; it knows no more of the device. The
/// cut is a whole plan: a run is one dynamic call, its steps are none, and fusion is the backend's own.
///
/// ```swift
/// let plan = try backend.compile(PlanRequest(graph.bound(batch: 8), parameters: model.parameters))
/// let memory = plan.makeMemory()
/// memory.withInput(0) { $0.copyBytes(from: images) }
/// try memory.run()
/// let logits = memory.withOutput(0) { Array($0.bindMemory(to: Float.self)) }
/// ```
package protocol Backend: Sendable {
  /// - Throws: `GraphError` as `Plan` does.
  func compile(_ request: PlanRequest) throws(GraphError) -> any CompiledPlan
}

/// A graph compiled for a device: immutable, and shared by any number of threads, each with memory of its own.
package protocol CompiledPlan: Sendable {
  /// What a run takes and gives, in the order of the graph.
  var inputs: [Plan.Port] { get }
  var outputs: [Plan.Port] { get }
  /// Bytes that one memory takes.
  var memoryByteCount: Int { get }
  func makeMemory() -> any PlanMemory
}

/// The memory of runs, for one thread at a time. Inputs and outputs are memory of the host, whatever the device.
package protocol PlanMemory: AnyObject {
  /// Calls `body` with the bytes of an input, to be filled before a run; runs leave them as they are.
  func withInput<Result>(_ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows
    -> Result
  /// Calls `body` with the bytes of an output as the last run left them.
  func withOutput<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
  /// Runs once; allocates nothing.
  func run() throws(GraphError)
}
