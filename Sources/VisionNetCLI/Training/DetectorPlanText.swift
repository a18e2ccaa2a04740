import VisionData
import VisionGraph
import VisionImage
import VisionModel
import VisionNet
import VisionTasks
import VisionTraining

/// The output of `--dry-run` for a detector: network, memory, steps and all settings.
struct DetectorPlanText {
  private let survey: AnnotatedSurvey
  private let settings: ResolvedSettings
  private let start: Model?
  private let run: TrainingRun<ObjectDetection>
  private let trainer: Trainer

  init(_ survey: AnnotatedSurvey, _ settings: ResolvedSettings, _ start: Model?) throws(TrainingError) {
    (self.survey, self.settings, self.start) = (survey, settings, start)
    run = try TrainingRun(survey, settings, from: start)
    trainer = try run.lastTrainer()
  }

  var text: String {
    let memory = trainer.memory
    let data = survey.data
    let batch = trainer.settings.batchSize
    let batches = data.training.count / batch
    let steps = run.task.input.preprocessing
    let summary = run.graph.summary
    let parts: [(String, Int)] = [
      ("activations", memory.activations), ("weights", memory.weights), ("gradients", memory.gradients),
      ("optimizer", memory.slots), ("average", memory.average),
    ]
    let shares = parts.filter { $0.1 > 0 }.map { "\($0.0) \(Figures.bytes($0.1))" }.joined(separator: ", ")
    let stages = run.recipe.stages.map { stage in
      let epochs = stage.epochs ?? run.epochs
      return "\(epochs) \(epochs == 1 ? "epoch" : "epochs") of \(stage.name)"
    }
    let network = start.map { "a detector on \($0.provenance?.name ?? "a pretrained network")" }
    var lines = [
      "network   \(network ?? "a detector on \(settings[.architecture] ?? "a network"), random weights")",
      "weights   \(Figures.grouped(summary.parameters - summary.statistics)), and "
        + "\(Figures.grouped(summary.statistics)) running statistics",
      "input     \(ImageSize(width: steps.width, height: steps.height)) pixels, whole images with a border",
      "classes   \(data.classes.count)",
      "memory    \(Figures.bytes(memory.total)) while training: \(shares)",
      "images    \(data.training.count) to train on, \(data.validation.count) to validate, \(data.test.count) to test",
      "changes   \((run.data.training as? BoxSamples)?.augmentation.readable ?? "none")",
      "steps     \(stages.joined(separator: ", ")), \(batches) batches of \(batch) each",
    ]
    let skipped = survey.skipped.count
    if skipped > 0 { lines.append("skipped   \(skipped) \(skipped == 1 ? "file" : "files")") }
    return lines.map { "# \($0)\n" }.joined() + settings.yaml
  }
}
