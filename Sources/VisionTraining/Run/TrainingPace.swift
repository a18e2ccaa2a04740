import VisionData
package import VisionSystem

/// How fast a run goes on this machine.
package struct TrainingPace: Sendable, Hashable {
  /// Training and validation of an epoch of the slowest stage.
  package let secondsOfEpoch: Double
  /// The evaluation of the model that is kept.
  package let secondsOfEvaluation: Double

  package init(secondsOfEpoch: Double, secondsOfEvaluation: Double) {
    (self.secondsOfEpoch, self.secondsOfEvaluation) = (secondsOfEpoch, secondsOfEvaluation)
  }

  /// The epochs that fit into a time; at least 1.
  package func epochs(in seconds: Double) -> Int {
    max(1, Int(saturating: ((seconds - secondsOfEvaluation) / max(secondsOfEpoch, 1e-3)).rounded(.down)))
  }
}

extension TrainingRun {
  /// Times some steps of the last stage that is trained by steps, and changes nothing.
  ///
  /// - Throws: `TrainingError` as training does; `interrupted` when cancelled.
  package func pace(isCancelled: () -> Bool = { false }) throws(TrainingError) -> TrainingPace {
    let trainer = try lastTrainer()
    // The first steps pack weights and fill caches.
    let (unmeasured, measured) = (2, 5)
    var times: [Double] = []
    let finder = RateFinder(first: 1e-30, last: 1e-29, steps: unmeasured + measured, limit: .infinity)
    _ = try trainer.findRate(finder, isCancelled: isCancelled) { _ in times.append(POSIX.seconds) }
    guard times.count == unmeasured + measured else { throw TrainingError(.interrupted, "interrupted") }
    let step = (times[times.count - 1] - times[unmeasured - 1]) / Double(measured)
    let batch = trainer.settings.batchSize
    let batches = max(data.training.count / batch, 1)
    // A sample that is judged goes forward only, which is about a third of a step's work.
    let judging = step / Double(3 * batch)
    let (held, test) = (Double(data.validation?.count ?? 0), Double(data.test?.count ?? 0))
    return TrainingPace(
      secondsOfEpoch: step * Double(batches) + judging * held, secondsOfEvaluation: judging * (held + test))
  }
}
