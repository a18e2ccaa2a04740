import VisionData

/// Predictions for images, and their metrics.
struct MeasuredImages {
  let metrics: ClassificationMetrics
  let predictions: ClassifiedImages

  /// Precondition: these are the images whose predictions were counted, in that order.
  init(_ counts: ClassCounts, _ images: [LabeledImage]) {
    metrics = counts.metrics
    predictions = ClassifiedImages(images: images, probabilities: counts.probabilities)
  }
}
