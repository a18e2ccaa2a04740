package import VisionCompute
package import VisionGraph
package import VisionRuntime
package import VisionTensor
import VisionSystem

/// A plan with memory to run in; used by one call at a time.
// Checked by hand: a session belongs to the call that made it or took it out of the pool; nobody uses
// sessions in the pool.
package final class Session: @unchecked Sendable {
  /// The number of samples in a run.
  package let batch: Int
  package let plan: any CompiledPlan
  package let executor: Executor
  private let memory: any PlanMemory
  private let inputs: TensorRows
  private let outputs: [OutputSlots.Part]
  /// One for each thread.
  private let scratches: [InputScratch]

  /// - Parameter specs: the tensors of one sample; nil where the plan's inputs are filled as a whole.
  /// - Throws: `GraphError` when the plan has other inputs.
  package init(_ plan: any CompiledPlan, _ specs: [TensorSpec]?, batch: Int, _ executor: Executor)
    throws(GraphError)
  {
    (self.plan, self.batch, self.executor) = (plan, batch, executor)
    memory = plan.makeMemory(for: executor)
    scratches = (0..<executor.threads).map { _ in InputScratch() }
    var starts: (inputs: [UnsafeMutableRawPointer], outputs: [UnsafeRawPointer]) = ([], [])
    for index in plan.inputs.indices {
      memory.withInput(index) { if let base = $0.baseAddress { starts.inputs.append(base) } }
    }
    for index in plan.outputs.indices {
      memory.withOutput(index) { if let base = $0.baseAddress { starts.outputs.append(base) } }
    }
    do {
      inputs = try TensorRows(specs ?? [], capacity: batch) { spec throws in
        guard let index = plan.inputs.firstIndex(where: { $0.name == spec.name }),
          case let fact = plan.inputs[index].fact, fact.type == spec.type,
          fact.shape.elementCount == batch * spec.bounds.elementCount
        else {
          throw GraphError(
            .input, "the network has no input '\(spec.name)' of \(batch) × \(spec.bounds) \(spec.type)")
        }
        return starts.inputs[index]
      }
    } catch let error as GraphError { throw error } catch { throw GraphError(.input, "\(error)") }
    outputs = plan.outputs.enumerated().map { index, port in
      OutputSlots.Part(starts.outputs[index], port.fact.type, Self.share(of: port.fact.shape, batch))
    }
  }

  /// The shape of one sample's part of an output; where the first axis is not the batch, an equal share of
  /// the output's elements.
  private static func share(of shape: Shape, _ batch: Int) -> Shape {
    if shape.first == batch { return Shape(Array(shape.dimensions.dropFirst())) }
    return batch == 1 ? shape : [shape.elementCount / batch]
  }

  /// The size in bytes of its memory.
  package var byteCount: Int { scratches.reduce(memory.byteCount) { $0 + $1.byteCount } }

  /// Writes the first `count` samples on the threads of the executor, each thread with its own scratch.
  ///
  /// - Returns: the results of `body` in the order of the samples.
  /// - Throws: the error of `body` that occurred first.
  package func write<Context: Sendable>(
    _ count: Int, _ body: @Sendable (Int, borrowing TensorSlots, InputScratch) throws -> Context
  ) throws -> [Context] {
    precondition(count <= batch)
    let failure = Locked<(any Error)?>(nil)
    var contexts = [Context?](repeating: nil, count: count)
    contexts.withUnsafeMutableBufferPointer { all in
      // Each call writes the context of its own sample.
      nonisolated(unsafe) let all = all
      executor.forEach(count: count) { row, worker in
        do {
          all[row] = try body(row, inputs.slots(row), scratches[worker])
        } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return contexts.compactMap { $0 }
  }

  /// Runs the plan on the samples that were written. Allocates nothing.
  package func run() throws(GraphError) { try memory.run() }

  /// Runs the plan on tensors by name, and returns its outputs.
  ///
  /// - Throws: `GraphError` when an input is missing or does not fit.
  package func run(_ tensors: [String: Tensor]) throws(GraphError) -> [String: Tensor] {
    try memory.run(tensors)
  }

  /// The outputs of sample `row` in the last run.
  package func outputs(_ row: Int) -> OutputSlots { OutputSlots(outputs, row: row) }

  /// Calls `body` with the memory of an input for all samples.
  package func withInput<Result>(
    _ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try memory.withInput(index, body)
  }

  /// Calls `body` with an output for all samples, as the last run left it.
  package func withOutput<Result>(
    _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try memory.withOutput(index, body)
  }
}
