public import VisionData
import VisionCompute
public import VisionGraph
public import VisionLayers
public import VisionModel
public import VisionSystem
import VisionTensor

/// Trains a network on batches, epoch after epoch.
///
/// ```swift
/// let data = try TensorSamples(images, classes)
/// let trainer = try Trainer(LeNet5(), on: data, validation: held, settings: settings)
/// for try await event in trainer.run(epochs: 20) { print(event) }
/// try trainer.model.write(to: "digits.onnx")
/// ```
///
/// The same data, settings and seed give the same weights, whatever the number of threads, and also when training was
/// interrupted or killed at any moment and went on from its checkpoint.
///
/// Sources of samples may be given to any number of trainers.
// Checked by hand: `loop` is only used by the run that holds `runs`, of which there is one at a time.
public final class Trainer: @unchecked Sendable {
  /// The network as it is run, in the form of inference.
  public let graph: Graph
  public let settings: TrainerSettings
  /// Bytes that training takes, known before the first step.
  public let memory: TrainingEngine.Memory
  private let loop: TrainingLoop
  private let runs: TrainingRuns

  private struct State {
    var parameters: Parameters
    var result: TrainingResult?
  }
  private let state: Locked<State>

  /// Prepares training: memory is laid out, and everything that does not fit is found out.
  ///
  /// - Parameters:
  ///   - graph: a network with one input whose first axis is the batch; its batch may be left open.
  ///   - prediction: the name of the output that is compared with the targets.
  ///   - parameters: the weights to begin with; nil draws them by `settings.seed`.
  ///   - training: what to learn from.
  ///   - validation: what to judge by after each epoch.
  /// - Throws: `TrainingError`: `oneClass`, `data` for samples that do not fit the network, `batch` for a batch that
  ///   does not fit into memory, `settings`, or the code of a graph that cannot be trained.
  public convenience init(
    _ graph: Graph, prediction: String = OutputRole.logits.name, parameters: Parameters? = nil,
    on training: any TensorSource, validation: (any TensorSource)? = nil,
    settings: TrainerSettings = TrainerSettings()
  ) throws(TrainingError) {
    let validation = try validation.map { (source) throws(TrainingError) in
      try BatchFeed(source, settings, isTraining: false)
    }
    try self.init(
      graph, prediction: prediction, parameters: parameters, on: training, validation: validation, judge: nil,
      settings: settings)
  }

  /// Prepares training that a task judges.
  convenience init(
    _ graph: Graph, prediction: String, parameters: Parameters, on training: any TensorSource,
    judge: (any EpochJudge)?, settings: TrainerSettings
  ) throws(TrainingError) {
    try self.init(
      graph, prediction: prediction, parameters: parameters, on: training, validation: nil, judge: judge,
      settings: settings)
  }

  private init(
    _ graph: Graph, prediction: String, parameters: Parameters?, on training: any TensorSource,
    validation: BatchFeed?, judge: (any EpochJudge)?, settings: TrainerSettings
  ) throws(TrainingError) {
    self.graph = graph
    self.settings = settings
    runs = TrainingRuns(folder: settings.folder)
    let start = parameters ?? graph.initialParameters(seed: settings.seed)
    loop = try TrainingLoop(
      graph, prediction: prediction, parameters: start,
      training: BatchFeed(training, settings, isTraining: true), validation: validation, judge: judge,
      settings: settings)
    memory = loop.memory
    state = Locked(State(parameters: start))
  }

  /// Prepares training of a layer on samples of the extents of `training`.
  public convenience init(
    _ network: some Layer, on training: any TensorSource, validation: (any TensorSource)? = nil,
    settings: TrainerSettings = TrainerSettings()
  ) throws(TrainingError) {
    let graph: Graph
    do {
      graph = try network.graph(sample: training.specs.first?.bounds.dimensions ?? [])
    } catch { throw TrainingError(error) }
    try self.init(graph, on: training, validation: validation, settings: settings)
  }

  /// Goes on from a checkpoint instead of from the beginning; call it before `run`.
  ///
  /// Logs in the run's folder are cut back to what they were.
  ///
  /// - Throws: `TrainingError` with code `checkpoint` when it is of another network, data or settings, and `busy` while it
  ///   runs.
  public func resume(from checkpoint: Checkpoint) throws(TrainingError) {
    let ticket = StopFlag()
    try runs.begin(ticket)
    defer { runs.end(ticket) }
    try loop.restore(checkpoint)
  }

  /// Trains on a thread of its own, and tells what happens.
  ///
  /// It begins at once, or when a run that was told to end has ended. When the task that waits for events is cancelled, or the
  /// events are given up, training writes a checkpoint and ends; the sequence then ends after `finished`. Calling it again
  /// with more epochs goes on.
  ///
  /// Leaving the loop by `break` gives the events up, and training ends within a step; `await stop()` waits until it has. In
  /// the code at the top level of a program, whose variables live to the end of it, `break` alone does not: call `stop()`.
  ///
  /// The events end with the error `busy` when another run goes on, or when another trainer uses the folder.
  public func run(epochs: Int) -> TrainingEvents {
    let ticket = StopFlag()
    runs.announce(ticket)
    return TrainingEvents(ticket) { (report) throws(TrainingError) in
      try self.runs.beginAfterStopped(ticket)
      try self.run(epochs, ticket, isCancelled: { false }, report)
    }
  }

  /// Ends the run that there is, after the step that it is in and a checkpoint, and waits until it has ended; does nothing when
  /// there is none. Afterwards `run` can be called at once.
  ///
  /// Waits even when the task that calls it is cancelled. Any number of tasks may call it at once.
  public func stop() async { await runs.stop() }

  /// Trains on the calling thread.
  ///
  /// - Parameters:
  ///   - epochs: in all, those of a resumed run included; at least 1.
  ///   - isCancelled: asked between steps; true writes a checkpoint and ends it.
  ///   - report: told what happens, on the calling thread.
  /// - Throws: `TrainingError`: `diverged` when the loss is no number any more, `diskFull` or `io` when a checkpoint or
  ///   log cannot be written, `busy` when it runs already or another trainer uses the folder, and whatever the data or a
  ///   callback throws. The last checkpoint stays as it is.
  @discardableResult
  public func runBlocking(
    epochs: Int, isCancelled: () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingResult {
    let ticket = StopFlag()
    try runs.begin(ticket)
    return try run(epochs, ticket, isCancelled: isCancelled, report)
  }

  /// Does a run that has begun.
  @discardableResult
  private func run(
    _ epochs: Int, _ ticket: StopFlag, isCancelled: () -> Bool, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingResult {
    defer { runs.end(ticket) }
    let result = try loop.run(
      epochs: epochs, isCancelled: { ticket.isSet || isCancelled() }, report: report)
    state.withLock { state in
      state.result = result
      state.parameters = result.parameters
    }
    return result
  }

  /// What came of the last run; nil before.
  public var result: TrainingResult? { state.withLock { $0.result } }

  /// The weights to use: those of the last result, or else those to begin with.
  public var parameters: Parameters { state.withLock { $0.parameters } }

  /// The network with these weights. Labels and preprocessing are the caller's to add.
  public var model: Model { Model(graph: graph, parameters: parameters) }

  /// Trains with rates that grow, until `body` says to stop, and leaves everything as it was.
  func tryRates(
    _ rates: [Double], isCancelled: () -> Bool, _ body: (_ rate: Double, _ loss: Double) -> Bool
  ) throws(TrainingError) {
    let ticket = StopFlag()
    try runs.begin(ticket)
    defer { runs.end(ticket) }
    try loop.losses(at: rates, isCancelled: { ticket.isSet || isCancelled() }, body)
  }
}
