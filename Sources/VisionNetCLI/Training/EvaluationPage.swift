import VisionTasks
import VisionImage
import VisionNet
import VisionSystem

/// An evaluation as an HTML page.
struct EvaluationPage {
  /// The model as the user named it, and below the path of its file.
  let model: String
  let path: String
  let data: ImageFolder
  let part: String
  let classifier: ImageClassifier
  let result: ImageClassifier.Evaluation
  let seen: SeenReport?
  let skipped: [SkippedFile]
  let seconds: Double
  /// The files that the model needs besides its own, with the options that give them.
  let options: [(name: String, file: String)]
  let threads: Int?

  var html: String {
    var content = TrainingReportContent(
      title: data.name,
      summary: "How well \(FilePath(model).printable) does on images whose classes are known.")
    let classes = classifier.labels.count
    content.labels = classifier.labels
    content.metrics = result.metrics
    content.warning = seen?.warning
    content.predictions = result.predictions
    content.measuredOn =
      EvaluatedImages(count: result.metrics.images, part: part).phrase
    content.parts = [.init("images", result.predictions.images, classes: classes)]
    content.skipped = skipped
    content.temperature = classifier.model.graph.temperature.map(Double.init)
    content.configuration =
      [("model", model), ("data", data.root), ("part of the data", part)] + options.map { ($0.name, $0.file) }
    content.hardware = Machine.text(threads: threads)
    content.seconds = seconds
    content.command = RunSummary.command(model: path, options: options)
    content.explain(classifier.model, preprocessing: classifier.preprocessing)
    return content.html(threads: threads)
  }
}
