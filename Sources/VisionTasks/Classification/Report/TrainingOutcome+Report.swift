public import VisionData
public import VisionLayers
public import VisionTraining

extension TrainingOutcome where Task == Classification {
  /// The content of a report on training from random weights; the caller adds configuration, machine and time.
  public func reportContent(_ survey: FolderSurvey, _ architecture: Architecture) -> TrainingReportContent {
    let data = survey.data
    var content = TrainingReportContent(
      title: data.name,
      summary:
        "A classifier of \(data.labels.count) classes: \(architecture.title), trained from random weights."
    )
    content.add(data)
    content.skipped = survey.skipped
    content.temperature = calibrated.calibration.temperature
    content.epochs = stages.last?.training?.history ?? []
    let seen = ", which it never learns from"
    content.add(
      validation.map { MeasuredImages($0, data.validation) }, test.map { MeasuredImages($0, data.test) },
      held: seen, tested: seen)
    if validation != nil {
      content.notes.append(
        "Which epoch is kept was chosen on the validation images, so their figures flatter a little.")
    }
    content.noteMissingMetrics()
    content.explain(model)
    return content
  }
}
