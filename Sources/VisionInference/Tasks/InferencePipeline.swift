package import VisionCompute
public import VisionModel
import VisionSystem
import VisionRuntime

/// The way from subjects to predictions in every task: subjects → named tensors → network → outputs by role →
/// predictions.
///
/// Immutable; any number of threads may call it at once.
public struct InferencePipeline<Task: ModelTask>: Sendable {
  public let task: Task
  /// The number of samples in a run; the last bits of the results can depend on it.
  public let batch: BatchPolicy
  private let sessions: SessionPool

  /// - Parameters:
  ///   - model: a model for the task.
  ///   - batch: the number of subjects in one run of the network.
  ///   - threads: threads to prepare subjects and to compute with; by default one per core.
  /// - Throws: a `VisionError` when the model lacks something that the task needs.
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
  /// - Throws: the error of a subject that cannot be prepared or decoded, or of a network that fails.
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
