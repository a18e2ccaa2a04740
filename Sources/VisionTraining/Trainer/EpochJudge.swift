import VisionGraph
import VisionModel
import VisionSystem

/// What a trainer judges each epoch by.
protocol EpochJudge {
  var sampleCount: Int { get }
  /// What is measured beside the loss; the first says which epoch is best, unless settings say it.
  var metrics: [(name: String, prefersLarger: Bool)] { get }
  /// The loss, by the name `loss`, and then what is measured; nil when cancelled.
  func scores(of parameters: Parameters, isCancelled: () -> Bool) throws(TrainingError)
    -> [EpochReport.Score]?
}
