import VisionData
import VisionTasks
import VisionNet
import VisionSystem

/// The page `report.html` of training from scratch.
struct ScratchReportPage {
  let report: ScratchReport
  /// The path of the model's file.
  let model: String

  var html: String {
    let (data, threads) = (report.survey.data, report.settings[.threads])
    var content = TrainingReportContent(
      title: data.name,
      summary:
        "A classifier of \(data.labels.count) classes: \(report.architecture.title), trained from random weights."
    )
    content.labels = data.labels
    let classes = data.labels.count
    content.parts = [
      .init("training", data.training, classes: classes),
      .init("validation", data.validation, classes: classes),
      .init("test", data.test, classes: classes),
    ]
    content.skipped = report.survey.skipped
    content.temperature = report.outcome.calibrated.calibration.temperature
    content.epochs = report.training.history.map { epoch in
      .init(
        epoch: epoch.epoch, trainLoss: epoch.trainingLoss, validationLoss: epoch.score("loss"),
        top1: epoch.score("top1"), rate: epoch.rate, imagesPerSecond: epoch.samplesPerSecond,
        seconds: epoch.seconds)
    }
    content.bestEpoch = report.training.best?.epoch
    content.metrics = report.validation ?? report.test
    content.predictions =
      report.outcome.validation.map {
        ClassifiedImages(images: data.validation, probabilities: $0.probabilities)
      }
      ?? report.outcome.test.map { ClassifiedImages(images: data.test, probabilities: $0.probabilities) }
    if let metrics = content.metrics {
      content.measuredOn =
        "\(metrics.images) \(report.validation == nil ? "test" : "validation") images, which it never learns from"
    } else {
      content.notes.append("No images were held back, so how good the model is has not been measured.")
    }
    if let test = report.test, report.validation != nil { content.furtherMetrics.append(("test", test)) }
    content.explain(report.outcome.model)
    content.configuration = TransferReportPage.settings(report.settings.yaml)
    content.hardware = Machine.text(threads: threads)
    content.seconds = report.seconds
    content.command = TrainingReport.command(model: model)
    return content.html(threads: threads)
  }
}
