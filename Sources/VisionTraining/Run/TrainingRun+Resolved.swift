public import VisionData
public import VisionInference
public import VisionSystem

extension TrainingRun {
  /// Prepares the run with the settings of flags, files or a program.
  ///
  /// - Parameter folder: the folder for checkpoint, logs and ledger, which must exist; nil for none.
  /// - Throws: `TrainingError` of data, network and settings that do not fit together.
  public init(
    _ task: Task, on data: Dataset<Task.Input.Subject, Task.Truth>, from network: StartingNetwork,
    _ recipe: Recipe, settings: ResolvedSettings, folder: String? = nil
  ) throws(TrainingError) {
    var trainer = TrainerSettings(settings, samples: data.training.count)
    trainer.folder = folder
    try self.init(task, on: data, from: network, recipe, epochs: settings[.epochs], settings: trainer)
  }
}
