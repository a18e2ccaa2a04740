import VisionData
import VisionTraining
import VisionNet

/// The output of `--dry-run` for training from scratch: network, memory, steps and all settings.
struct ScratchPlanText {
  let training: ScratchTraining

  var text: String {
    let memory = training.trainer.memory
    let data = training.survey.data
    let batches = training.batchesPerEpoch
    let epochs = training.settings[.epochs]
    let summary = training.trainer.graph.summary
    let parts: [(String, Int)] = [
      ("activations", memory.activations), ("weights", memory.weights), ("gradients", memory.gradients),
      ("optimizer", memory.slots), ("average", memory.average),
    ]
    let shares = parts.filter { $0.1 > 0 }.map { "\($0.0) \(Figures.bytes($0.1))" }.joined(separator: ", ")
    let size = ImageSize(width: training.preprocessing.width, height: training.preprocessing.height)
    var lines = [
      "network   \(training.architecture.title), \(training.architecture.paper)",
      "weights   \(summary.parameters - summary.statistics), and \(summary.statistics) running statistics",
      "input     \(training.survey.isGray ? "gray" : "RGB"), \(size) pixels",
      "memory    \(Figures.bytes(memory.total)) while training: \(shares)",
      "images  \(data.training.count) to train on, \(data.validation.count) to validate, \(data.test.count) to test",
      "steps     \(epochs * batches): \(epochs) epochs of \(batches) batches of \(training.batchSize)",
    ]
    if !training.survey.skipped.isEmpty { lines.append("skipped   \(training.survey.skipped.count) files") }
    return lines.map { "# \($0)\n" }.joined() + training.settings.yaml
  }
}
