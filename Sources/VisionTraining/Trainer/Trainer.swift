public import VisionGraph
public import VisionLayers
public import VisionModel
import VisionCompute
import VisionTensor

/// Trains a network on batches, epoch after epoch.
///
/// ```swift
/// let data = try TensorBatches(images, classes, batchSize: 64)
/// let trainer = try Trainer(LeNet5(), on: data, validation: held, settings: settings)
/// for try await event in trainer.run(epochs: 20) { print(event) }
/// try trainer.model.write(to: "digits.onnx")
/// ```
///
/// The same data, settings and seed give the same weights, whatever the number of threads, and also when training was
/// interrupted or killed at any moment and went on from its checkpoint.
public final class Trainer: @unchecked Sendable {
  /// The network as it is run, in the form of inference.
  public let graph: Graph
  public let settings: TrainerSettings
  // Used by the one run that there is at a time.
  private let loop: TrainingLoop

  private struct State {
    var isRunning = false
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
  public init(
    _ graph: Graph, prediction: String = "logits", parameters: Parameters? = nil,
    on training: any TrainingBatches, validation: (any TrainingBatches)? = nil,
    settings: TrainerSettings = TrainerSettings()
  ) throws(TrainingError) {
    self.graph = graph
    self.settings = settings
    let start = parameters ?? graph.initialParameters(seed: settings.seed)
    loop = try TrainingLoop(
      graph, prediction: prediction, parameters: start, training: training, validation: validation,
      settings: settings)
    state = Locked(State(parameters: start))
  }

  /// Prepares training of a layer on samples of the extents of `training`.
  public convenience init(
    _ network: some Layer, on training: any TrainingBatches, validation: (any TrainingBatches)? = nil,
    settings: TrainerSettings = TrainerSettings()
  ) throws(TrainingError) {
    let graph: Graph
    do {
      graph = try network.graph(sample: training.inputShape)
    } catch { throw TrainingError(error) }
    try self.init(graph, on: training, validation: validation, settings: settings)
  }

  /// Bytes that training takes, known before the first step.
  public var memory: TrainingEngine.Memory { loop.memory }

  /// Goes on from a checkpoint instead of from the beginning; call it before `run`.
  ///
  /// Logs in the run's folder are cut back to what they were.
  ///
  /// - Throws: `TrainingError` with code `checkpoint` when it is of another network, data or settings.
  public func resume(from checkpoint: Checkpoint) throws(TrainingError) {
    try begin()
    defer { end(nil) }
    try loop.restore(checkpoint)
  }

  /// Trains on a thread of its own, and tells what happens.
  ///
  /// It begins at once. When the task that waits for events is cancelled, or the events are given up, training writes a
  /// checkpoint and ends; the sequence then ends after `finished`. Calling it again with more epochs goes on.
  public func run(epochs: Int) -> TrainingEvents {
    TrainingEvents { (isCancelled, report) throws(TrainingError) in
      try self.runBlocking(epochs: epochs, isCancelled: isCancelled, report: report)
    }
  }

  /// Trains on the calling thread.
  ///
  /// - Parameters:
  ///   - epochs: in all, those of a resumed run included; at least 1.
  ///   - isCancelled: asked between steps; true writes a checkpoint and ends it.
  ///   - report: told what happens, on the calling thread.
  /// - Throws: `TrainingError`: `diverged` when the loss is no number any more, `diskFull` or `io` when a checkpoint or
  ///   log cannot be written, `busy` when it runs already, and whatever the data or a callback throws. The last
  ///   checkpoint stays as it is.
  @discardableResult
  public func runBlocking(
    epochs: Int, isCancelled: () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingResult {
    try begin()
    var result: TrainingResult?
    defer { end(result) }
    let finished = try loop.run(epochs: epochs, isCancelled: isCancelled, report: report)
    result = finished
    return finished
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
    try begin()
    defer { end(nil) }
    try loop.losses(at: rates, isCancelled: isCancelled, body)
  }

  private func begin() throws(TrainingError) {
    let isFree = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isFree else { throw TrainingError("busy", "this network is being trained already") }
  }

  private func end(_ result: TrainingResult?) {
    state.withLock { state in
      state.isRunning = false
      guard let result else { return }
      state.result = result
      state.parameters = result.parameters
    }
  }
}
