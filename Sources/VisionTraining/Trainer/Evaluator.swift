public import VisionData
public import VisionCompute
public import VisionGraph
public import VisionModel
import VisionInference
import VisionRuntime
public import VisionSystem
import VisionTensor

/// Measures a network in inference mode on samples that it is not trained on.
public struct Evaluator {
  private let graph: Graph
  private let prediction: String
  private let loss: any LossOperator
  private let classWeights: [Float]?
  private let executor: Executor
  private let memoryLimit: Int?

  /// - Parameter graph: the network with a symbolic batch, which is bound to the batch size.
  public init(
    _ graph: Graph, prediction: String = OutputRole.logits.name,
    loss: any LossOperator = SoftmaxCrossEntropy(),
    classWeights: [Float]? = nil, executor: Executor = Executor(), memoryLimit: Int? = nil
  ) {
    self.graph = graph
    self.prediction = prediction
    self.loss = loss
    self.classWeights = classWeights
    self.executor = executor
    self.memoryLimit = memoryLimit
  }

  /// The loss, named `loss`, and then each metric, over all samples; nil when cancelled.
  ///
  /// - Throws: `TrainingError` for a network that cannot be run, or data that cannot be read.
  public func scores(
    of parameters: Parameters, on source: any TensorSource, batchSize: Int = 32, metrics: [any Metric],
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> [EpochReport.Score]? {
    var settings = TrainerSettings()
    settings.batchSize = batchSize
    let batches = try BatchFeed(source, settings, isTraining: false)
    return try scores(of: parameters, on: batches, metrics: metrics, isCancelled: isCancelled)
  }

  func scores(
    of parameters: Parameters, on batches: BatchFeed, metrics: [any Metric], isCancelled: () -> Bool
  ) throws(TrainingError) -> [EpochReport.Score]? {
    var metrics = metrics
    var (sum, divisor) = (0.0, 0.0)
    do {
      let batch = batches.batchSize
      let sessions = try SessionPool(
        graph.bound(batch: batch), parameters, on: executor, SessionPool.Options(memoryLimit: memoryLimit))
      let isWhole = try sessions.withSession(batch: batch) { session in
        try batches.start()
        while !isCancelled() {
          guard let predictions = try predictions(in: session, batches) else { return true }
          let (losses, share) = try terms(predictions, batches.target)
          sum += losses
          divisor += share
          for index in metrics.indices { metrics[index].add(predictions) }
        }
        return false
      }
      guard isWhole else { return nil }
    } catch { throw TrainingError.wrapping(error) }
    return [EpochReport.Score(name: "loss", value: loss.reduction == .mean ? sum / divisor : sum)]
      + metrics.map { EpochReport.Score(name: $0.name, value: $0.value) }
  }

  /// The predictions for the next batch; nil after the last one.
  private func predictions(in session: Session, _ batches: BatchFeed) throws -> Predictions? {
    guard let output = session.plan.outputs.firstIndex(where: { $0.name == prediction }) else {
      throw TrainingError(.data, "the network has no output '\(prediction)'")
    }
    guard let batch = try batches.next() else { return nil }
    for (index, id) in graph.inputs.enumerated() {
      guard let input = session.plan.inputs.firstIndex(where: { $0.name == graph[id].name }) else { continue }
      session.withInput(input) { $0.copyMemory(from: UnsafeRawBufferPointer(batch.bytes(index))) }
    }
    try session.run()
    let columns = session.plan.outputs[output].fact.shape.elementCount / session.batch
    let values = session.withOutput(output) {
      Array($0.bindMemory(to: Float.self).prefix(batch.count * columns))
    }
    let (target, isClasses) = (graph.inputs.count, batches.target == .classes)
    return Predictions(
      rows: batch.count, columns: columns, values: values,
      classes: isClasses ? batch.integers(target).map { Int($0) } : [],
      targets: isClasses ? [] : Array(batch.floats(target)))
  }

  /// The sum of the losses of a batch, and its divisor for the mean.
  private func terms(_ predictions: Predictions, _ target: BatchTarget) throws(TrainingError) -> (
    sum: Double, divisor: Double
  ) {
    let shape: Shape = [predictions.rows, predictions.columns]
    let truth =
      target == .classes
      ? Tensor(predictions.classes.map { Int64($0) }) : Tensor(predictions.targets, shape: shape)
    do {
      let terms = try loss.terms(
        Tensor(predictions.values, shape: shape), truth, classWeights.map { Tensor($0) })
      return (terms.losses.reduce(0, +), terms.divisor)
    } catch { throw TrainingError(error) }
  }
}
