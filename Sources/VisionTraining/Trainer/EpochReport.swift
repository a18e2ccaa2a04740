/// How an epoch went.
public struct EpochReport: Sendable, Hashable {
  /// The value of one metric.
  public struct Score: Sendable, Hashable {
    public let name: String
    public let value: Double

    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// From 1 on, of `epochs`.
  public let epoch: Int
  public let epochs: Int
  /// The steps so far.
  public let step: Int
  /// The mean loss of the batches, each before its update.
  public let trainingLoss: Double
  /// The metrics on the validation samples, in the order of the settings, the loss first; empty without such samples.
  public let validation: [Score]
  /// The rate of the last step.
  public let rate: Double
  /// Whether no epoch before was better; never for one that diverged.
  public let isBest: Bool
  /// Samples a second while training.
  public let samplesPerSecond: Double
  /// Seconds that the epoch took, the validation included.
  public let seconds: Double
  /// Seconds that the epochs to come will take if they are like this one.
  public let secondsLeft: Double

  /// Whether the loss is no number any more: in training, or on the validation samples where there are any.
  public var isDiverged: Bool { !trainingLoss.isFinite || score("loss").map { !$0.isFinite } ?? false }

  /// The value of a metric, such as `top1`; nil when it was not measured.
  public func score(_ name: String) -> Double? { validation.first { $0.name == name }?.value }
}
