import VisionTraining
import VisionNet

/// The output of `--dry-run` for training on a pretrained network: what is trained on which images, and all
/// settings.
struct TransferPlanText {
  let data: ImageFolder
  let settings: ResolvedSettings

  var text: String {
    var lines = [
      "images    \(data.training.count) to train on, \(data.validation.count) to validate, \(data.test.count) to test",
      "head      a new last layer for \(data.labels.count) classes",
    ]
    let tuning = settings[.fineTuning]
    switch tuning {
    case .none: lines.append("network   stays as it is")
    case .last(let count):
      lines.append(
        "network   then its last \(count == 1 ? "block is" : "\(count) blocks are") trained, with the last layer"
      )
    case .all: lines.append("network   then the whole network is trained")
    }
    if tuning != .none { lines += fineTuning }
    return lines.map { "# \($0)\n" }.joined() + settings.yaml
  }

  /// The settings of fine-tuning, including the defaults.
  private var fineTuning: [String] {
    let names = [
      "epochs", "batch-size", "optimizer", "lr", "schedule", "warmup", "augment", "label-smoothing",
    ]
    let values = settings.values
    let parts = names.compactMap { name in values.first { $0.name == name }.map { "\(name) \($0.value)" } }
    let kept =
      data.validation.isEmpty
      ? "the fine-tuned network is kept, since there are no validation images to compare on"
      : "the better one on the validation images is kept: with the last layer alone, or fine-tuned"
    return ["steps     \(parts.joined(separator: ", "))", "result    \(kept)"]
  }
}
