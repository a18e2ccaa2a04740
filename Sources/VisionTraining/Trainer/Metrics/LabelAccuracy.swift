/// For samples with several labels: the part of all labels whose presence or absence is predicted right. A
/// label with a probability of at least one half is predicted as present; a NaN logit counts as wrong.
public struct LabelAccuracy: Metric {
  public let name = "label_accuracy"
  public let prefersLarger = true
  private var right = 0
  private var count = 0

  public init() {}

  public mutating func add(_ batch: Predictions) {
    for (logit, target) in zip(batch.values, batch.targets) {
      right += !logit.isNaN && (logit >= 0) == (target >= 0.5) ? 1 : 0
      count += 1
    }
  }

  public var value: Double { count > 0 ? Double(right) / Double(count) : 0 }
}
