public import VisionModel

/// The result of a run.
public struct TrainingOutcome<Task: TrainableTask>: Sendable {
  /// The result of a stage.
  public struct StageResult: Sendable {
    public var stage: Recipe.Stage
    /// The task's scores and the loss on the validation samples; empty without validation samples.
    public var scores: [Score]
    /// The result of training by steps; nil for a head that was solved.
    public var training: TrainingResult?
    /// Whether the network of this stage is the one that was kept.
    public var isKept = false
  }

  public var model: Model
  /// The task of that model.
  public var task: Task
  /// The task that the network was trained for, with the values that were chosen after training.
  public var calibrated: Task
  public var stages: [StageResult]
  /// The evaluation of the model on the validation samples; nil without validation samples.
  public var validation: Task.Evaluator?
  /// The evaluation of the model on the test samples; nil without test samples.
  public var test: Task.Evaluator?
}
