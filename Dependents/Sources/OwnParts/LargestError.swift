import VisionNet

/// The largest distance of a number from what it should be.
struct LargestError: Metric {
  let name = "largest_error"
  let prefersLarger = false
  private(set) var value = 0.0

  mutating func add(_ batch: Predictions) {
    for (prediction, target) in zip(batch.values, batch.targets) {
      value = max(value, Double(abs(prediction - target)))
    }
  }
}
