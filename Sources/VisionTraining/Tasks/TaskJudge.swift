import VisionCompute
import VisionData
import VisionGraph
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

/// Evaluates a network by the predictions of its task, on samples that it is not trained on.
struct TaskJudge<Task: TrainableTask>: EpochJudge {
  /// The prediction for a sample, and its part of the loss.
  struct Row: Sendable {
    let prediction: Task.Prediction
    let truth: Task.Truth
    let loss: Double
    let divisor: Double
  }

  private let samples: TaskSamples<Task>
  /// The network with the outputs that the task is judged by.
  private let graph: Graph
  private let objective: (position: Int, loss: any LossOperator, target: Int)
  private let settings: TrainerSettings

  /// - Throws: `TrainingError` for a network without the outputs of the task.
  init(_ graph: Graph, _ samples: TaskSamples<Task>, _ settings: TrainerSettings) throws(TrainingError) {
    (self.samples, self.settings) = (samples, settings)
    let task = samples.task
    let wanted = task.objective
    guard let target = task.targets.firstIndex(where: { $0.name == wanted.target }) else {
      throw TrainingError(.network, "the task '\(Task.name)' has no target '\(wanted.target)'")
    }
    guard let position = task.judged.firstIndex(of: wanted.output) else {
      throw TrainingError(
        .network,
        "the task '\(Task.name)' is not judged by the \(wanted.output.name), which its objective reads")
    }
    objective = (position, wanted.loss, target)
    do {
      let bound = try task.preprocessing.map { try graph.bound(to: $0) } ?? graph
      let builder = GraphBuilder(extending: bound)
      for role in task.judged {
        guard let value = bound.output(of: role)?.value else {
          throw TrainingError(.network, "the network does not give the \(role.name)")
        }
        try builder.output(role.name, builder.value(value))
      }
      self.graph = try DeadNodeRemoval().run(builder.graph)
    } catch { throw TrainingError.wrapping(error) }
  }

  var sampleCount: Int { samples.count }
  var metrics: [(name: String, prefersLarger: Bool)] {
    samples.task.evaluator().scores.map { ($0.name, $0.prefersLarger) }
  }

  func scores(of parameters: Parameters, isCancelled: () -> Bool) throws(TrainingError)
    -> [EpochReport.Score]?
  {
    let batch = min(settings.batchSize, samples.count)
    guard let rows = try rows(of: parameters, batch: batch, isCancelled: isCancelled) else { return nil }
    return [EpochReport.Score(name: "loss", value: loss(rows))]
      + evaluator(rows).scores.map { EpochReport.Score(name: $0.name, value: $0.value) }
  }

  /// Runs the network on all samples; nil when cancelled. Several runs of it happen at the same time, each on
  /// one thread.
  ///
  /// - Parameters:
  ///   - batch: the samples of a run; the last bits of a prediction may depend on it, and with 1 on no other
  ///     sample.
  ///   - isCancelled: asked on the calling thread.
  func rows(of parameters: Parameters, batch: Int, isCancelled: () -> Bool) throws(TrainingError) -> [Row]? {
    let sessions = sessions(parameters)
    let executor = Executor(threads: settings.threads)
    var rows: [Row] = []
    while rows.count < samples.count {
      if isCancelled() { return nil }
      // Many small runs each time, so that no thread waits long for the others.
      let left = samples.count - rows.count
      let count = min(batch == 1 ? 8 * executor.threads : executor.threads, (left + batch - 1) / batch)
      let results = Locked([Result<[Row], any Error>?](repeating: nil, count: count))
      executor.forEach(count: count) { [done = rows.count] position, _ in
        let first = done + position * batch
        let result = Result {
          try sessions.run(min(batch, samples.count - first), .exactly(batch)) { index, slots, scratch in
            try write(first + index, slots, scratch)
          } read: { _, written, outputs in
            try row(written, outputs)
          }
        }
        results.withLock { $0[position] = result }
      }
      do {
        for result in results.withLock({ $0 }) { rows += try result?.get() ?? [] }
      } catch { throw TrainingError.wrapping(error) }
    }
    return rows
  }

  /// The evaluator of predictions before `calibrate`.
  private func evaluator(_ rows: [Row]) -> Task.Evaluator {
    rows.reduce(into: samples.task.evaluator()) { $0.add($1.prediction, $1.truth) }
  }

  /// The scores of the evaluator, and the mean loss of the samples, or their sum if the loss is a sum.
  func scores(_ rows: [Row]) -> [Score] {
    evaluator(rows).scores + [Score(name: "loss", value: loss(rows), prefersLarger: false)]
  }

  private func loss(_ rows: [Row]) -> Double {
    let sum = rows.reduce(0) { $0 + $1.loss }
    return objective.loss.reduction == .mean ? sum / rows.reduce(0) { $0 + $1.divisor } : sum
  }

  private func sessions(_ parameters: Parameters) -> SessionPool {
    var own = Parameters()
    for (_, name, _, _) in graph.parameters { own[name] = parameters[name] }
    return SessionPool(
      graph, own, writing: samples.task.input.specs, on: Executor(threads: 1),
      SessionPool.Options(memoryLimit: settings.memoryLimit), idle: IdleSessions(limit: .max))
  }

  private struct Written: Sendable {
    let context: Task.Input.Context
    let truth: Task.Truth
    let target: Tensor
    let name: String
  }

  private func write(_ index: Int, _ slots: borrowing TensorSlots, _ scratch: InputScratch) throws -> Written
  {
    let (sample, truth) = try samples.sample(index)
    do {
      let context = try samples.task.input.write(sample.subject, into: slots, scratch)
      let rows = TensorRows(samples.task.targets, capacity: 1)
      try samples.task.write(samples.task.placed(truth, context), into: rows.slots(0))
      return Written(
        context: context, truth: truth, target: rows.tensor(objective.target), name: sample.name)
    } catch { throw TrainingError.wrapping(error).at(sample.name) }
  }

  private func row(_ written: Written, _ outputs: borrowing OutputSlots) throws(TrainingError) -> Row {
    do {
      let values = Tensor(
        Array(outputs.floats(objective.position)),
        shape: Shape([1] + outputs.shape(objective.position).dimensions))
      let terms = try objective.loss.terms(values, written.target, nil)
      return Row(
        prediction: try samples.task.prediction(outputs, written.context), truth: written.truth,
        loss: terms.losses.reduce(0, +), divisor: terms.divisor)
    } catch { throw TrainingError.wrapping(error).at(written.name) }
  }
}
