import VisionData
package import VisionSystem

/// How fast a run goes on this machine.
package struct TrainingPace: Sendable, Hashable {
  /// Training and validation of an epoch of the slowest stage.
  package let secondsOfEpoch: Double

  package init(secondsOfEpoch: Double) { self.secondsOfEpoch = secondsOfEpoch }

  /// The epochs that fit into a time; at least 1.
  package func epochs(in seconds: Double) -> Int {
    max(1, Int(saturating: (seconds / max(secondsOfEpoch, 1e-3)).rounded(.down)))
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
    let judged = Double(data.validation?.count ?? 0) / Double(3 * batch)
    return TrainingPace(secondsOfEpoch: step * (Double(batches) + judged))
  }
}
