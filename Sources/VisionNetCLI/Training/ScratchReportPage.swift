import VisionTasks
import VisionNet
import VisionSystem

/// The page `report.html` of training from scratch.
struct ScratchReportPage {
  let report: ScratchReport
  /// The text of `config.yaml`.
  let configuration: String
  /// The path of the model's file.
  let model: String

  var html: String {
    let (training, result) = (report.training, report.result)
    let (data, threads) = (training.survey.data, training.settings[.threads])
    var content = TrainingReportContent(
      title: data.name,
      summary:
        "A classifier of \(data.labels.count) classes: \(training.architecture.title), trained from random weights."
    )
    content.labels = data.labels
    let classes = data.labels.count
    content.parts = [
      .init("training", data.training, classes: classes),
      .init("validation", data.validation, classes: classes),
      .init("test", data.test, classes: classes),
    ]
    content.skipped = training.survey.skipped
    content.temperature = result.calibration.temperature
    content.epochs = result.training.history.map { epoch in
      .init(
        epoch: epoch.epoch, trainLoss: epoch.trainingLoss, validationLoss: epoch.score("loss"),
        top1: epoch.score("top1"), rate: epoch.rate, imagesPerSecond: epoch.samplesPerSecond,
        seconds: epoch.seconds)
    }
    content.bestEpoch = result.training.best?.epoch
    content.metrics = result.validation ?? result.test
    content.predictions = result.validationPredictions ?? result.testPredictions
    if let metrics = content.metrics {
      content.measuredOn =
        "\(metrics.images) \(result.validation == nil ? "test" : "validation") images, which it never learns from"
    } else {
      content.notes.append("No images were held back, so how good the model is has not been measured.")
    }
    if let test = result.test, result.validation != nil { content.furtherMetrics.append(("test", test)) }
    content.explain(result.model)
    content.configuration = TransferReportPage.settings(configuration)
    content.hardware = Machine.text(threads: threads)
    content.seconds = report.seconds
    content.command = TrainingReport.command(model: model)
    return content.html(threads: threads)
  }
}
