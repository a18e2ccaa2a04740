package import VisionCompute
package import VisionGraph
import VisionModel
package import VisionRuntime
package import VisionTensor
import VisionSystem

/// The one way from subjects to a network's numbers: plans of a graph, made once for each batch size, and memory to run them in.
///
/// Any number of threads may use it. Runs at the same time each have memory of their own, which is kept between runs as far as
/// `IdleSessions` allows.
package final class SessionPool: Sendable {
  private let graph: Graph
  private let parameters: Parameters
  private let specs: [TensorSpec]?
  private let executor: Executor
  private let options: Options
  private let idle: IdleSessions
  /// Samples that a run takes, where the file fixes it.
  package let fixedBatch: Int?
  /// Whether a run for several samples gives each of them its numbers, once that was asked.
  private let growsWithBatch = Locked<Bool?>(nil)
  private let plans = Locked<[Int: Plan]>([:])

  /// How plans are made.
  package struct Options: Sendable {
    /// Where packed weights are kept; plans that share it share them.
    package var weights: WeightStore
    package var precision: ComputePrecision
    /// Bytes that activations, frozen values and references may take together; nil for what the machine has.
    package var memoryLimit: Int?
    /// The graph and the value in it whose first axis says whether samples get numbers of their own; nil for the outputs.
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
  ///   - graph: its outputs are what is asked for.
  ///   - specs: the tensors of one sample; nil where inputs are filled as a whole.
  ///   - idle: where memory is kept between runs; pools that share it live as long as it does.
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

  /// Gives memory that is kept between runs back.
  package func releaseMemory() { idle.removeAll() }

  /// The plan for a batch size, made once.
  ///
  /// - Throws: `GraphError` of a network that cannot be run.
  package func plan(batch: Int) throws(GraphError) -> Plan {
    if let plan = plans.withLock({ $0[batch] }) { return plan }
    let plan = try Plan(
      fixedBatch == nil ? graph.bound(batch: batch) : graph, parameters: parameters, weights: options.weights,
      instructionSet: executor.instructionSet, memoryLimit: options.memoryLimit, precision: options.precision)
    return plans.withLock { plans in
      plans[batch] = plans[batch] ?? plan
      return plans[batch] ?? plan
    }
  }

  /// Samples for the next run, of `count` that are left: the file's number where it fixes one.
  package func batch(for count: Int, _ policy: BatchPolicy) -> Int {
    fixedBatch ?? policy.batch(for: count) { grows }
  }

  /// Whether the first axis of the outputs is that of the samples.
  ///
  /// A file may leave the batch of its input open and yet give one row, such as by a reshape to 1×K.
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

  /// Calls `body` with memory for `batch` samples that nobody else uses meanwhile. It is kept for later unless `body` throws, or
  /// it was made for threads of the caller's.
  ///
  /// - Parameter threads: nil for those of the pool.
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

  /// Writes samples, runs the network on them, and reads what it says of each; results in the order of the samples.
  ///
  /// - Parameters:
  ///   - write: on the threads of the executor, several at a time; what it gives is what `read` of the same sample gets.
  ///   - read: one after the other, on the calling thread.
  /// - Throws: what `write` and `read` throw, and `GraphError`.
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
