import VisionGraph
import VisionModel
import VisionSystem
import VisionTensor

extension TrainingLoop {
  /// The state from which a run can be resumed.
  var current: Checkpoint {
    var checkpoint = Checkpoint()
    checkpoint.position = position
    checkpoint.epochs = epochs
    checkpoint.seed = settings.seed
    checkpoint.conditions = plan.conditions
    checkpoint.history = history
    checkpoint.stopping = stopping?.state ?? [:]
    checkpoint.stage = settings.stage
    checkpoint.logs = logs
    checkpoint.state = engine.state
    checkpoint.best = best
    return checkpoint
  }

  func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try plan.check(checkpoint.conditions)
    let position = checkpoint.position
    guard position.batch <= training.batchesPerEpoch else {
      throw TrainingError(.checkpoint, "the checkpoint is of epochs with more batches")
    }
    let (steps, overflow) = position.epoch.multipliedReportingOverflow(by: training.batchesPerEpoch)
    guard !overflow, position.step - position.batch == steps,
      checkpoint.history.map(\.epoch) == Array(1..<checkpoint.history.count + 1),
      checkpoint.history.count == position.epoch
    else { throw TrainingError(.corrupt, "the checkpoint contradicts itself on how far training was") }
    let best = try checkpoint.best.map { (best) throws(TrainingError) in try checked(best) }
    try engine.restore(checkpoint.state, stepCount: checkpoint.position.step)
    self.position = position
    epochs = checkpoint.epochs
    history = checkpoint.history
    self.best = best
    stopping = settings.stopping
    stopping?.state = checkpoint.stopping
    logs = checkpoint.logs
    log = nil
  }

  /// The weights in the order of the network.
  ///
  /// - Throws: `TrainingError` with code `checkpoint` for weights of another network.
  private func checked(_ best: Parameters) throws(TrainingError) -> Parameters {
    var result = Parameters()
    let own = engine.parameters
    guard best.count == own.count else {
      throw TrainingError(.checkpoint, "the checkpoint's best weights are \(best.count), not \(own.count)")
    }
    for (name, tensor) in own {
      guard let other = best[name], other.shape == tensor.shape, other.elementType == tensor.elementType
      else {
        throw TrainingError(
          .checkpoint, "the checkpoint's best weights do not fit the network", place: name,
          remedy: "resume with the configuration that the run was started with")
      }
      result[name] = other
    }
    return result
  }
}
