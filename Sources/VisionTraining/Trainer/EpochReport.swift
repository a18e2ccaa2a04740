/// The results of an epoch.
public struct EpochReport: Sendable, Hashable {
  /// The value of one metric.
  public typealias Score = VisionTraining.Score

  /// From 1 on, of `epochs`.
  public let epoch: Int
  public let epochs: Int
  /// The steps so far.
  public let step: Int
  /// The mean loss of the batches, each before its update.
  public let trainingLoss: Double
  /// The scores on the validation samples: the loss, then the metrics in order; empty without such samples.
  public let validation: [Score]
  /// The rate of the last step.
  public let rate: Double
  /// Whether the epoch is better on the validation samples than all before it; never for one that diverged.
  public let isBest: Bool
  /// Training samples per second, without the validation.
  public let samplesPerSecond: Double
  /// Seconds that the epoch took, the validation included.
  public let seconds: Double
  /// The seconds that the remaining epochs will take at the speed of this one.
  public let secondsLeft: Double

  /// Whether the training loss, or the loss on the validation samples if there are any, is not finite.
  public var isDiverged: Bool { !trainingLoss.isFinite || score("loss").map { !$0.isFinite } ?? false }

  /// The value of a metric, such as `top1`; nil when it was not measured.
  public func score(_ name: String) -> Double? { validation.first { $0.name == name }?.value }
}
