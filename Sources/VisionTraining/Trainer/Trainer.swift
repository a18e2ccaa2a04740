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
/// The same data, settings and seed give the same weights, whatever the number of threads, and also when
/// interrupted or killed training is resumed from its checkpoint.
///
/// Several trainers may share a source of samples.
// Checked by hand: `loop` is only used between `runs.begin` and `runs.end`, which admit one run at a time.
public final class Trainer: @unchecked Sendable {
  /// The network in its inference form.
  public let graph: Graph
  public let settings: TrainerSettings
  /// The memory that training takes, in bytes, known before the first step.
  public let memory: TrainingEngine.Memory
  private let loop: TrainingLoop
  private let runs: TrainingRuns

  private struct State {
    var parameters: Parameters
    var result: TrainingResult?
  }
  private let state: Locked<State>

  /// Prepares training: lays out memory, and checks that network, data and settings fit together.
  ///
  /// - Parameters:
  ///   - graph: a network with one input, whose first axis is the batch, which may be symbolic.
  ///   - prediction: the name of the output that is compared with the targets.
  ///   - parameters: the initial weights; nil draws them with `settings.seed`.
  ///   - training: the training samples.
  ///   - validation: the samples that each epoch is evaluated on.
  /// - Throws: `TrainingError`: `oneClass`, `data` for samples that do not fit the network, `batch` for a
  ///   batch that does not fit into memory, `settings`, or the code of a graph that cannot be trained.
  public convenience init(
    _ graph: Graph, prediction: String = OutputRole.logits.name, parameters: Parameters? = nil,
    on training: any TensorSource, validation: (any TensorSource)? = nil,
    settings: TrainerSettings = TrainerSettings()
  ) throws(TrainingError) {
    try self.init(
      graph, prediction: prediction, parameters: parameters, on: training, validation: validation, judge: nil,
      settings: settings)
  }

  /// Prepares training whose epochs are evaluated by `judge`, or else on `validation`.
  init(
    _ graph: Graph, prediction: String, parameters: Parameters?, on training: any TensorSource,
    validation: (any TensorSource)?, judge: (any EpochJudge)?, settings: TrainerSettings
  ) throws(TrainingError) {
    self.graph = graph
    self.settings = settings
    runs = TrainingRuns(folder: settings.folder)
    let start = parameters ?? graph.initialParameters(seed: settings.seed)
    loop = try TrainingLoop(
      graph, prediction: prediction, parameters: start,
      training: BatchFeed(training, settings, isTraining: true),
      validation: validation.map { (source) throws(TrainingError) in
        try BatchFeed(source, settings, isTraining: false)
      }, judge: judge, settings: settings)
    memory = loop.memory
    state = Locked(State(parameters: start))
  }

  /// Prepares training of a layer, whose input has the extents of the samples of `training`.
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

  /// Continues from a checkpoint instead of starting anew; call it before `run`.
  ///
  /// The next run truncates the logs in its folder to their lengths at the checkpoint.
  ///
  /// - Throws: `TrainingError` with code `checkpoint` when it is of another network, data or settings,
  ///   `corrupt` when it contradicts itself, and `busy` during a run.
  public func resume(from checkpoint: Checkpoint) throws(TrainingError) {
    let ticket = StopFlag()
    try runs.begin(ticket)
    defer { runs.end(ticket) }
    try loop.restore(checkpoint)
  }

  /// Trains on a separate thread, and returns the events of training.
  ///
  /// Training begins at once, or as soon as a run that was told to stop has ended. When the task that waits
  /// for events is cancelled, or the sequence is released, training writes a checkpoint and ends; the
  /// sequence then ends after `finished`. Calling `run` again with more epochs continues training.
  ///
  /// Leaving the loop by `break` releases the sequence, and training ends within a step; `await stop()` waits
  /// for that. In top-level code, variables live until the program ends, so `break` alone does not end
  /// training: call `stop()`.
  ///
  /// The events end with the error `busy` during another run, or while another trainer uses the folder.
  public func run(epochs: Int) -> TrainingEvents {
    let ticket = StopFlag()
    runs.announce(ticket)
    return TrainingEvents(ticket) { (report) throws(TrainingError) in
      try self.runs.beginAfterStopped(ticket)
      try self.run(epochs, ticket, isCancelled: { false }, report)
    }
  }

  /// Ends the current run after its step and a checkpoint, and waits until it has ended; does nothing without
  /// a run. Afterwards `run` can be called at once.
  ///
  /// It waits even when the calling task is cancelled. Several tasks may call it at the same time.
  public func stop() async { await runs.stop() }

  /// Trains on the calling thread.
  ///
  /// - Parameters:
  ///   - epochs: the number of all epochs, including those before the run was resumed; at least 1.
  ///   - isCancelled: asked between steps; true writes a checkpoint and ends training.
  ///   - report: called with each event, on the calling thread.
  /// - Throws: `TrainingError`: `diverged` when loss or weights are not finite, `diskFull` or `io` when a
  ///   checkpoint or log cannot be written, `busy` when another run is in progress or another trainer uses
  ///   the folder, and errors of the data or a callback. The last checkpoint stays as it is.
  @discardableResult
  public func runBlocking(
    epochs: Int, isCancelled: () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingResult {
    let ticket = StopFlag()
    try runs.begin(ticket)
    return try run(epochs, ticket, isCancelled: isCancelled, report)
  }

  /// Trains as the run `ticket`, which has begun.
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

  /// The result of the last run; nil before the first one ends.
  public var result: TrainingResult? { state.withLock { $0.result } }

  /// The weights of the last result, or else the initial ones.
  public var parameters: Parameters { state.withLock { $0.parameters } }

  /// The network with `parameters`, without labels and preprocessing.
  public var model: Model { Model(graph: graph, parameters: parameters) }

  /// Trains one step at each rate, until `body` returns false, and then restores the state.
  func tryRates(
    _ rates: [Double], isCancelled: () -> Bool, _ body: (_ rate: Double, _ loss: Double) -> Bool
  ) throws(TrainingError) {
    let ticket = StopFlag()
    try runs.begin(ticket)
    defer { runs.end(ticket) }
    try loop.losses(at: rates, isCancelled: { ticket.isSet || isCancelled() }, body)
  }
}
