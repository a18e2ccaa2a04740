package import VisionCompute
package import VisionGraph
import VisionModel
package import VisionRuntime
package import VisionTensor
import VisionSystem

/// Runs a network on subjects: it holds the plans of a graph, made once for each batch size, and the memory
/// to run them in.
///
/// Any number of threads may use it. Runs at the same time have separate memory, which is kept between runs
/// within the limit of `IdleSessions`.
package final class SessionPool: Sendable {
  private let graph: Graph
  private let parameters: Parameters
  private let specs: [TensorSpec]?
  private let executor: Executor
  private let options: Options
  private let idle: IdleSessions
  /// The number of samples in a run, where the file fixes it.
  package let fixedBatch: Int?
  /// The value of `grows`; nil until it is first needed.
  private let growsWithBatch = Locked<Bool?>(nil)
  private let plans = Locked<[Int: any CompiledPlan]>([:])

  /// Options for compiling plans.
  package struct Options: Sendable {
    /// Where packed weights are kept. Plans that share the store share packed weights.
    package var weights: WeightStore
    package var precision: ComputePrecision
    /// The backend that compiles plans; nil for the CPU with the executor's instruction set.
    package var backend: (any Backend)?
    /// The most bytes that activations, frozen values and reference operators may take together; nil for
    /// three quarters of the machine's memory.
    package var memoryLimit: Int?
    /// A graph and a value in it whose first axis shows whether the network computes a row for each sample;
    /// nil for the outputs.
    package var rows: (graph: Graph, value: ValueID)?

    package init(
      weights: WeightStore = WeightStore(), precision: ComputePrecision = .float32, memoryLimit: Int? = nil,
      rows: (graph: Graph, value: ValueID)? = nil
    ) {
      (self.weights, self.precision) = (weights, precision)
      (self.memoryLimit, self.rows) = (memoryLimit, rows)
    }
  }

  /// Compiles nothing yet.
  ///
  /// - Parameters:
  ///   - graph: a graph with the wanted outputs.
  ///   - specs: the tensors of one sample; nil where inputs are filled as a whole.
  ///   - idle: where memory is kept between runs; pools that share it must live as long as it does.
  package init(
    _ graph: Graph, _ parameters: Parameters, writing specs: [TensorSpec]? = nil, on executor: Executor,
    _ options: Options = Options(), idle: IdleSessions = IdleSessions()
  ) {
    (self.graph, self.parameters, self.specs) = (graph, parameters, specs)
    (self.executor, self.options, self.idle) = (executor, options, idle)
    fixedBatch = graph.inputs.first.flatMap { Self.fixedBatch(graph, $0, specs?.first) }
  }

  /// The batch that the graph's first input fixes; 1 where it has no axis for one.
  private static func fixedBatch(_ graph: Graph, _ input: ValueID, _ spec: TensorSpec?) -> Int? {
    guard case .input(let dimensions) = graph[input].source else { return nil }
    if let spec, spec.shape.count == dimensions.count { return 1 }
    if case .fixed(let batch)? = dimensions.first { return batch }
    return nil
  }

  /// Frees the memory that is kept between runs.
  package func releaseMemory() { idle.removeAll() }

  /// The plan for a batch size, made once.
  ///
  /// - Throws: `GraphError` when the network cannot be run.
  package func plan(batch: Int) throws(GraphError) -> any CompiledPlan {
    if let plan = plans.withLock({ $0[batch] }) { return plan }
    var request = try PlanRequest(
      fixedBatch == nil ? graph.bound(batch: batch) : graph, parameters: parameters)
    (request.weights, request.precision) = (options.weights, options.precision)
    request.memoryLimit = options.memoryLimit
    let plan = try (options.backend ?? CPU(executor.instructionSet)).compile(request)
    return plans.withLock { plans in
      plans[batch] = plans[batch] ?? plan
      return plans[batch] ?? plan
    }
  }

  /// The number of samples for the next run, of `count` that are left; the file's batch size where it fixes
  /// one.
  package func batch(for count: Int, _ policy: BatchPolicy) -> Int {
    fixedBatch ?? policy.batch(for: count) { grows }
  }

  /// Whether the outputs have a row for each sample.
  ///
  /// A file may leave the batch size of its input open and yet compute only one row, for example by a reshape
  /// to 1×K.
  private var grows: Bool {
    if let known = growsWithBatch.withLock({ $0 }) { return known }
    let (graph, values) = options.rows.map { ($0.graph, [$0.value]) } ?? (graph, graph.outputs.map(\.value))
    let two = try? graph.bound(batch: 2)
    let grows = values.allSatisfy { value in
      guard let shape = two?.fact(value).shape else { return false }
      return shape.first == 2 && shape.elementCount == 2 * graph.fact(value).shape.elementCount
    }
    growsWithBatch.withLock { $0 = grows }
    return grows
  }

  /// Calls `body` with a session for `batch` samples that no other call uses at the same time. The session is
  /// kept for later calls unless `body` throws or `threads` is given.
  ///
  /// - Parameter threads: the threads to run on; nil for those of the pool.
  package func withSession<Result>(
    batch: Int, on threads: Executor? = nil, _ body: (Session) throws -> Result
  ) throws -> Result {
    if let threads { return try body(Session(plan(batch: batch), specs, batch: batch, threads)) }
    let key = IdleSessions.Key(pool: ObjectIdentifier(self), batch: batch)
    let session = try idle.take(key) ?? Session(plan(batch: batch), specs, batch: batch, executor)
    let result = try body(session)
    idle.put(session, key)
    return result
  }

  /// Writes samples, runs the network on them, and reads the outputs of each; the results are in the order of
  /// the samples.
  ///
  /// - Parameters:
  ///   - write: called on the threads of the executor, several at a time; `read` of the same sample gets its
  ///     result.
  ///   - read: called for one sample after the other, on the calling thread.
  /// - Throws: errors of `write` and `read`, and `GraphError`.
  package func run<Context: Sendable, Result>(
    _ count: Int, _ policy: BatchPolicy,
    write: @Sendable (Int, borrowing TensorSlots, InputScratch) throws -> Context,
    read: (Int, Context, borrowing OutputSlots) throws -> Result
  ) throws -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    while results.count < count {
      let first = results.count
      let batch = batch(for: count - first, policy)
      try withSession(batch: batch) { session in
        let contexts = try session.write(min(batch, count - first)) { row, slots, scratch in
          try write(first + row, slots, scratch)
        }
        try session.run()
        for (row, context) in contexts.enumerated() {
          results.append(try read(first + row, context, session.outputs(row)))
        }
      }
    }
    return results
  }
}
