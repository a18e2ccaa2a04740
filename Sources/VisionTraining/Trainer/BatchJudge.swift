import VisionGraph
import VisionModel
import VisionSystem

/// Evaluates epochs with metrics over batches. Used by one thread at a time.
struct BatchJudge: EpochJudge {
  let evaluator: Evaluator
  let batches: BatchFeed
  let measures: [any Metric]

  var sampleCount: Int { batches.sampleCount }
  var metrics: [(name: String, prefersLarger: Bool)] { measures.map { ($0.name, $0.prefersLarger) } }

  func scores(of parameters: Parameters, isCancelled: () -> Bool) throws(TrainingError)
    -> [EpochReport.Score]?
  {
    try evaluator.scores(of: parameters, on: batches, metrics: measures, isCancelled: isCancelled)
  }
}
