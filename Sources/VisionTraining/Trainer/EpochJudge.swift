import VisionGraph
import VisionModel
import VisionSystem

/// Evaluates the epochs of a trainer.
protocol EpochJudge {
  var sampleCount: Int { get }
  /// The metrics besides the loss; the first decides which epoch is best, unless the settings name another.
  var metrics: [(name: String, prefersLarger: Bool)] { get }
  /// The loss, named `loss`, and then the metrics; nil when cancelled.
  func scores(of parameters: Parameters, isCancelled: () -> Bool) throws(TrainingError)
    -> [EpochReport.Score]?
}
