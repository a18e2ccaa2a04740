public import VisionData
import VisionTraining

extension TrainingReportContent {
  /// Adds the classes and the parts of the data.
  public mutating func add(_ data: ImageFolder) {
    labels = data.labels
    parts = [("training", data.training), ("validation", data.validation), ("test", data.test)].map {
      DatasetPart($0, $1, classes: data.labels.count)
    }
  }

  /// Adds the figures for the validation images and for the test images, whose figures take the place of the
  /// others if there are none.
  ///
  /// - Parameters:
  ///   - held: what is true of the validation images, such as `, which it never learns from`.
  ///   - tested: what is true of the test images.
  mutating func add(
    _ validation: MeasuredImages?, _ test: MeasuredImages?, held: String, tested: String = ""
  ) {
    let shown = validation ?? test
    (metrics, predictions) = (shown?.metrics, shown?.predictions)
    if let validation {
      measuredOn = "\(validation.metrics.images) validation images\(held)"
      if let test { furtherMetrics.append(("test", test.metrics)) }
    } else if let test {
      measuredOn = "\(test.metrics.images) test images\(tested)"
    }
  }

  /// Says so if there are no figures.
  mutating func noteMissingMetrics() {
    guard metrics == nil else { return }
    notes.append("No images were held back, so how good the model is has not been measured.")
  }
}
