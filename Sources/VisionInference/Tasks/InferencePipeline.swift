package import VisionCompute
public import VisionModel
import VisionSystem
import VisionRuntime

/// Subjects → named tensors → network → outputs by role → predictions: the road of every task.
///
/// Immutable; any number of threads may call it at once.
public struct InferencePipeline<Task: ModelTask>: Sendable {
  public let task: Task
  /// Samples a run, which the bits of the numbers depend on.
  public let batch: BatchPolicy
  private let sessions: SessionPool

  /// - Parameters:
  ///   - model: that of the task.
  ///   - batch: how many subjects go through the network at once.
  ///   - threads: to prepare subjects and to compute; by default one a core.
  /// - Throws: a `VisionError` of a model that lacks what the task needs.
  public init(_ model: Model, batch: BatchPolicy = .upTo(16), threads: Int? = nil) throws {
    try self.init(Task(model), model, batch: batch, on: Executor(threads: threads))
  }

  package init(
    _ task: Task, _ model: Model, batch: BatchPolicy, on executor: Executor,
    _ options: SessionPool.Options = SessionPool.Options(), idle: IdleSessions = IdleSessions()
  ) throws {
    (self.task, self.batch) = (task, batch)
    sessions = SessionPool(
      try task.graph(of: model), model.parameters, writing: task.input.specs, on: executor, options,
      idle: idle)
  }

  /// A prediction for each subject.
  ///
  /// - Throws: an error of the first subject that cannot be prepared or judged, and of a network that fails.
  public func predict(_ subjects: [Task.Input.Subject]) throws -> [Task.Prediction] {
    try sessions.run(subjects.count, batch) { index, slots, scratch in
      try task.input.write(subjects[index], into: slots, scratch)
    } read: { _, context, outputs in
      try task.decode(outputs, context)
    }
  }

  /// Frees the memory that is kept between calls.
  public func releaseMemory() { sessions.releaseMemory() }
}
