import VisionData
import VisionLayers
import VisionTasks
import VisionTraining
import VisionNet

/// The output of `--dry-run` for training from scratch: network, memory, steps and all settings.
struct ScratchPlanText {
  private let survey: FolderSurvey
  private let settings: ResolvedSettings
  private let architecture: Architecture
  private let run: TrainingRun<Classification>
  private let trainer: Trainer

  init(_ survey: FolderSurvey, _ settings: ResolvedSettings) throws(TrainingError) {
    (self.survey, self.settings) = (survey, settings)
    architecture = try ScratchNetwork.architecture(of: settings)
    run = try TrainingRun(survey, settings)
    trainer = try run.trainer()
  }

  var text: String {
    let memory = trainer.memory
    let data = survey.data
    let epochs = settings[.epochs]
    let batch = trainer.settings.batchSize
    let batches = data.training.count / batch
    let steps = run.task.input.preprocessing
    let summary = run.graph.summary
    let parts: [(String, Int)] = [
      ("activations", memory.activations), ("weights", memory.weights), ("gradients", memory.gradients),
      ("optimizer", memory.slots), ("average", memory.average),
    ]
    let shares = parts.filter { $0.1 > 0 }.map { "\($0.0) \(Figures.bytes($0.1))" }.joined(separator: ", ")
    var lines = [
      "network   \(architecture.title), \(architecture.paper)",
      "weights   \(Figures.grouped(summary.parameters - summary.statistics)), and "
        + "\(Figures.grouped(summary.statistics)) running statistics",
      "input     \(survey.isGray ? "gray" : "RGB"), \(ImageSize(width: steps.width, height: steps.height)) pixels",
      "memory    \(Figures.bytes(memory.total)) while training: \(shares)",
      "images    \(data.training.count) to train on, \(data.validation.count) to validate, \(data.test.count) to test",
      "steps     \(epochs * batches): \(epochs) epochs of \(batches) batches of \(batch)",
    ]
    if !survey.skipped.isEmpty { lines.append("skipped   \(survey.skipped.count) files") }
    return lines.map { "# \($0)\n" }.joined() + settings.yaml
  }
}
