import VisionReport
import VisionData
import VisionTraining
import VisionSystem
import VisionTensor

extension TransferLearning.Result {
  /// The content of a report on this training; the caller adds configuration, machine and time.
  ///
  /// The figures, images and heat maps are those of the last layer that was fitted without the validation
  /// images; if there are none, those of the test images.
  public var reportContent: TrainingReportContent {
    let backbone = backboneName.isEmpty ? "" : " \(backboneName)"
    var content = TrainingReportContent(
      title: data.name,
      summary:
        "A classifier of \(data.labels.count) classes: the pretrained network\(backbone) with a new last layer, trained "
        + "on what the network makes of the images.")
    content.add(data)
    if let fineTuned {
      if fineTuned.isKept {
        content.summary =
          "A classifier of \(data.labels.count) classes: the pretrained network\(backbone), fine-tuned with its new last "
          + "layer (\(fineTuned.settings[.fineTuning]))."
        content.notes.append(
          "Which epoch is kept was chosen on the validation images, so their figures flatter a little.")
      }
      content.epochs = fineTuned.training.history
      if let frozen = fineTuned.frozen, let tuned = fineTuned.tuned {
        content.notes.append(
          "Fine-tuning (\(fineTuned.settings[.fineTuning])) was tried after the last layer: "
            + "\(Numeral.percent(frozen.top1, within: frozen.top1Interval)) of the validation images before, "
            + "\(Numeral.percent(tuned.top1, within: tuned.top1Interval)) after. "
            + (fineTuned.isKept
              ? "The fine-tuned network is kept." : "The network with the last layer alone is kept."))
      }
    }
    content.skipped = skipped
    content.temperature = calibration.temperature
    content.settings = ("penalty", settings)
    content.add(
      validated, tested,
      held: isRefitted ? ", held back until the settings were chosen" : ", which it never learns from")
    content.heldBack = heldBackPredictions
    if isRefitted {
      content.notes.append(
        "The model in the file then learned from the validation images too; the figures are those from before."
      )
    }
    content.noteMissingMetrics()
    content.explain(validatedModel)
    return content
  }

  private var settings: [TrainingReportContent.TriedSetting] {
    selection.candidates.compactMap { candidate in
      candidate.loss.map { loss in
        .init(
          series: "\(candidate.scaling.rawValue) scaling", value: candidate.penalty, loss: loss,
          isChosen: candidate == selection.best)
      }
    }
  }
}
