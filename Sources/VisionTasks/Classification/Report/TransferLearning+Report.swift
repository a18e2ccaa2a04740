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
    content.labels = data.labels
    if let fineTuned {
      if fineTuned.isKept {
        content.summary =
          "A classifier of \(data.labels.count) classes: the pretrained network\(backbone), fine-tuned with its new last "
          + "layer (\(fineTuned.settings[.fineTuning]))."
        content.notes.append(
          "Which epoch is kept was chosen on the validation images, so their figures flatter a little.")
      }
      content.epochs = fineTuned.training.history.map { epoch in
        .init(
          epoch: epoch.epoch, trainLoss: epoch.trainingLoss, validationLoss: epoch.score("loss"),
          top1: epoch.score("top1"), rate: epoch.rate, imagesPerSecond: epoch.samplesPerSecond,
          seconds: epoch.seconds)
      }
      content.bestEpoch = fineTuned.training.best?.epoch
      if let frozen = fineTuned.frozen, let tuned = fineTuned.tuned {
        content.notes.append(
          "Fine-tuning (\(fineTuned.settings[.fineTuning])) was tried after the last layer: "
            + "\(Numeral.percent(frozen.top1, within: frozen.top1Interval)) of the validation images before, "
            + "\(Numeral.percent(tuned.top1, within: tuned.top1Interval)) after. "
            + (fineTuned.isKept
              ? "The fine-tuned network is kept." : "The network with the last layer alone is kept."))
      }
    }
    let classes = data.labels.count
    content.parts = [
      .init("training", data.training, classes: classes),
      .init("validation", data.validation, classes: classes),
      .init("test", data.test, classes: classes),
    ]
    content.skipped = skipped
    content.temperature = calibration.temperature
    content.settings = ("penalty", settings)
    if let validation {
      content.metrics = validation
      content.predictions = validationPredictions
      content.measuredOn =
        "\(validation.images) validation images, \(isRefitted ? "held back until the settings were chosen" : "which it never learns from")"
      if let test { content.furtherMetrics.append(("test", test)) }
    } else {
      content.metrics = test
      content.predictions = testPredictions
      if let test { content.measuredOn = "\(test.images) test images" }
    }
    content.heldBack = heldBackPredictions
    if isRefitted {
      content.notes.append(
        "The model in the file then learned from the validation images too; the figures are those from before."
      )
    }
    if content.metrics == nil {
      content.notes.append("No images were held back, so how good the model is has not been measured.")
    }
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
