import VisionData
import VisionCompute
import VisionGraph
import VisionModel
import VisionSystem
import VisionTensor

/// The work of a `Trainer`: runs epochs of steps, evaluates each epoch, writes checkpoints and reports
/// events. Used by one thread at a time.
final class TrainingLoop {
  let memory: TrainingEngine.Memory
  let engine: TrainingEngine
  let plan: TrainingSetup
  let settings: TrainerSettings
  let training: BatchFeed
  private let judge: (any EpochJudge)?

  var position = Checkpoint.Position()
  var epochs = 0
  var history: [EpochReport] = []
  var best: Parameters?
  var stopping: (any StoppingRule)?
  var logs = RunLog.Position()
  var log: RunLog?

  init(
    _ graph: Graph, prediction: String, parameters: Parameters, training: BatchFeed, validation: BatchFeed?,
    judge: (any EpochJudge)? = nil, settings: TrainerSettings
  ) throws(TrainingError) {
    plan = try TrainingSetup(
      graph, prediction: prediction, training: training, validation: validation, judge: judge,
      settings: settings)
    let executor = Executor(threads: settings.threads)
    engine = try TrainingEngine(
      graph, prediction: prediction, parameters: parameters,
      settings: plan.engineSettings(settings, batchSize: training.batchSize), executor: executor)
    memory = engine.memory
    let evaluator = Evaluator(
      graph, prediction: prediction, loss: plan.loss, classWeights: plan.classWeights, executor: executor,
      memoryLimit: settings.memoryLimit)
    self.judge =
      judge
      ?? validation.map { [metrics = plan.metrics] in
        BatchJudge(evaluator: evaluator, batches: $0, measures: metrics)
      }
    self.settings = settings
    self.training = training
    stopping = settings.stopping
  }

  /// The state of one run.
  private struct Session {
    let isCancelled: () -> Bool
    let report: (TrainingEvent) -> Void
    let control: TrainingControl
    /// The steps of all epochs.
    let steps: Int
    var lastCheckpoint = ContinuousClock.now
    /// The samples and seconds of the current epoch in this run.
    var samples = 0
    var seconds = 0.0
  }

  func run(epochs: Int, isCancelled: () -> Bool, report: (TrainingEvent) -> Void) throws(TrainingError)
    -> TrainingResult
  {
    guard epochs >= 1 else { throw TrainingError(.settings, "there are no epochs to train for") }
    do {
      return try withoutActuallyEscaping(isCancelled) { isCancelled in
        try withoutActuallyEscaping(report) { report in
          try run(epochs, isCancelled, report)
        }
      }
    } catch { throw TrainingError.wrapping(error) }
  }

  private func run(
    _ epochs: Int, _ isCancelled: @escaping () -> Bool, _ report: @escaping (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingResult {
    self.epochs = epochs
    let control = TrainingControl { [engine] in engine.parameters }
    var session = Session(
      isCancelled: isCancelled, report: report, control: control, steps: epochs * training.batchesPerEpoch)
    if let folder = settings.folder {
      AtomicFile.removeLeftovers(of: [Checkpoint.fileName, ImageLedger.fileName], in: folder)
      log = try RunLog(folder: folder, at: logs)
    }
    try tell(
      .started(
        TrainingEvent.Start(
          memory: memory, parameters: plan.trainedCount, samples: training.sampleCount,
          validationSamples: judge?.sampleCount ?? 0, batchSize: training.batchSize, epochs: epochs,
          steps: session.steps, resumedAt: position.step)), session)
    // So a run killed early can be resumed, and an unwritable folder is detected now.
    if position.step == 0 { try checkpoint(&session) }
    var isInterrupted = false
    while position.epoch < epochs, !position.isStopped, !isInterrupted {
      isInterrupted = try !trainEpoch(&session)
      if !isInterrupted, !position.isStopped { isInterrupted = try !finishEpoch(&session) }
    }
    if !isInterrupted { try checkBest() }
    let result = result(isInterrupted ? .interrupted : position.isStopped ? .stopped : .completed)
    try tell(.finished(result), session)
    if let log { logs = try log.flush() }
    return result
  }

  // MARK: An epoch

  /// Does the remaining steps of an epoch; false when cancelled.
  private func trainEpoch(_ session: inout Session) throws(TrainingError) -> Bool {
    let batches = training.batchesPerEpoch
    (session.samples, session.seconds) = (0, 0)
    if position.batch < batches {
      try training.start(seed: settings.seed, epoch: position.epoch, batch: position.batch)
    }
    while position.batch < batches {
      if session.isCancelled() {
        try checkpoint(&session)
        return false
      }
      try step(&session)
      if session.control.isStopped {
        position.isStopped = true
        try checkpoint(&session)
        return true
      }
      if position.batch < batches, isCheckpointDue(session) { try checkpoint(&session) }
    }
    return true
  }

  private func step(_ session: inout Session) throws(TrainingError) {
    let start = ContinuousClock.now
    let samples = try engine.load(training)
    engine.setKeys(seed: settings.seed, epoch: position.epoch, samples: samples)
    let rate = settings.schedule.rate(step: position.step, of: session.steps)
    let loss: Float
    do {
      loss = try engine.step(rate: Float(rate))
    } catch { throw explained(error, rate) }
    position.step += 1
    position.batch += 1
    position.lossSum += Double(loss)
    position.rate = rate
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    position.seconds += seconds
    session.samples += samples.count
    session.seconds += seconds
    try tell(
      .step(
        TrainingEvent.StepReport(
          step: position.step, steps: session.steps, epoch: position.epoch + 1, batch: position.batch,
          batches: training.batchesPerEpoch, loss: Double(loss), rate: rate,
          samplesPerSecond: Double(session.samples) / max(session.seconds, 1e-9))), session)
  }

  /// Evaluates an epoch, and adds its report to the history; false when cancelled.
  private func finishEpoch(_ session: inout Session) throws(TrainingError) -> Bool {
    let start = ContinuousClock.now
    let trainingSeconds = position.seconds
    var scores: [EpochReport.Score] = []
    let judged = engine.averagedParameters ?? engine.parameters
    if let judge {
      let measured = try judge.scores(of: judged, isCancelled: session.isCancelled)
      guard let measured else {
        try checkpoint(&session)
        return false
      }
      scores = measured
    }
    let isBest = judge != nil && plan.isBetter(scores, than: bestReport?.validation)
    if isBest { best = judged }
    let seconds = trainingSeconds + (ContinuousClock.now - start) / .seconds(1)
    let report = EpochReport(
      epoch: position.epoch + 1, epochs: epochs, step: position.step,
      trainingLoss: position.lossSum / Double(max(position.batch, 1)), validation: scores,
      rate: position.rate, isBest: isBest,
      samplesPerSecond: Double(position.batch * training.batchSize) / max(trainingSeconds, 1e-9),
      seconds: seconds, secondsLeft: seconds * Double(epochs - position.epoch - 1))
    history.append(report)
    position.epoch += 1
    (position.batch, position.lossSum, position.seconds) = (0, 0, 0)
    if stopping?.shouldStop(after: report) == true { position.isStopped = true }
    try tell(.epoch(report), session)
    try checkFinite(report, session)
    if session.control.isStopped { position.isStopped = true }
    try checkpoint(&session)
    return true
  }

  /// Reports an epoch that diverged. Training ends only if weights are not finite; else it may recover.
  private func checkFinite(_ report: EpochReport, _ session: Session) throws(TrainingError) {
    guard report.isDiverged else { return }
    try checkWeights(report)
    let loss = report.score("loss") ?? report.trainingLoss
    try tell(.note("epoch \(report.epoch) diverged: the loss is \(loss), so that it is not chosen"), session)
  }

  private func checkWeights(_ report: EpochReport) throws(TrainingError) {
    guard let name = current.firstLostTensor else { return }
    throw diverged("epoch \(report.epoch)", "'\(name)' holds what is no number any more", report.rate)
  }

  /// Throws if no epoch has usable weights.
  private func checkBest() throws(TrainingError) {
    guard best == nil, let last = history.last else { return }
    try checkWeights(last)
    guard judge != nil else { return }
    throw diverged(
      "epoch \(last.epoch)", "the loss on the validation samples was no number after any epoch", last.rate)
  }

  private var bestReport: EpochReport? { history.last(where: \.isBest) }

  private func result(_ ending: TrainingResult.Ending) -> TrainingResult {
    let last = engine.parameters
    return TrainingResult(
      ending: ending, epochs: position.epoch, steps: position.step, history: history, best: bestReport,
      parameters: best ?? engine.averagedParameters ?? last, lastParameters: last)
  }

  // MARK: What is kept and told

  private func tell(_ event: TrainingEvent, _ session: Session) throws(TrainingError) {
    for callback in settings.callbacks { try callback.received(event, session.control) }
    try log?.add(event)
    session.report(event)
  }

  private func isCheckpointDue(_ session: Session) -> Bool {
    guard settings.folder != nil else { return false }
    if let steps = settings.checkpointSteps, position.step % max(steps, 1) == 0 { return true }
    return ContinuousClock.now - session.lastCheckpoint >= .seconds(saturating: settings.checkpointSeconds)
  }

  private func checkpoint(_ session: inout Session) throws(TrainingError) {
    guard let folder = settings.folder, let log else { return }
    // The logs must be on disk before the checkpoint that records their lengths.
    logs = try log.flush()
    let path = "\(folder)/\(Checkpoint.fileName)"
    let checkpoint = current
    // Weights that are not finite must not replace those of the last checkpoint.
    if let name = checkpoint.firstLostTensor {
      throw explained(TrainingError(.diverged, "'\(name)' holds what is no number any more"), position.rate)
    }
    try checkpoint.write(to: path)
    session.lastCheckpoint = .now
    try tell(.checkpoint(path: path, step: position.step), session)
  }

  /// Adds the step, the rate and the remaining checkpoint to a `diverged` error.
  private func explained(_ error: TrainingError, _ rate: Double) -> TrainingError {
    guard error.kind == .diverged else { return error }
    return diverged(
      "step \(position.step + 1), epoch \(position.epoch + 1)", "\(error.message), with the rate \(rate)",
      rate)
  }

  private func diverged(_ place: String, _ message: String, _ rate: Double) -> TrainingError {
    let kept = settings.folder.map { "; the last checkpoint in \($0) is as it was" } ?? ""
    return TrainingError(
      .diverged, message, place: place,
      remedy: "train with a smaller rate, such as \(rate / 10), a longer warm-up or clipping\(kept)")
  }

  // MARK: Rates

  /// Passes the loss of a step at each rate to `body`, until that returns false; then restores the state.
  func losses(
    at rates: [Double], isCancelled: () -> Bool, _ body: (_ rate: Double, _ loss: Double) -> Bool
  ) throws(TrainingError) {
    let (state, count) = (engine.state, engine.stepCount)
    var failure: TrainingError?
    do throws(TrainingError) {
      try training.start(seed: settings.seed, epoch: 0, batch: 0)
      for (index, rate) in rates.enumerated() where !isCancelled() {
        let (epoch, batch) = index.quotientAndRemainder(dividingBy: training.batchesPerEpoch)
        if batch == 0, epoch > 0 { try training.start(seed: settings.seed, epoch: epoch, batch: 0) }
        let samples = try engine.load(training)
        engine.setKeys(seed: settings.seed, epoch: epoch, samples: samples)
        guard body(rate, Double(try engine.step(rate: Float(rate)))) else { break }
      }
    } catch { failure = error.kind == .diverged ? nil : error }
    try engine.restore(state, stepCount: count)
    if let failure { throw failure }
  }
}
