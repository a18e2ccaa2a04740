public import VisionModel

/// What came of a run.
public struct TrainingOutcome<Task: TrainableTask>: Sendable {
  /// What a stage came to.
  public struct StageResult: Sendable {
    public var stage: Recipe.Stage
    /// The loss on the validation samples and the task's scores; empty without any.
    public var scores: [Score]
    /// What was trained by steps; nil for a head that was solved.
    public var training: TrainingResult?
    /// Whether the network of this stage is the one that was kept.
    public var isKept = false
  }

  public var model: Model
  /// The task of that model.
  public var task: Task
  public var stages: [StageResult]
  /// What the model's predictions for the validation samples come to; nil without any.
  public var validation: Task.Evaluator?
  /// Those for the samples of `test`.
  public var test: Task.Evaluator?
}
