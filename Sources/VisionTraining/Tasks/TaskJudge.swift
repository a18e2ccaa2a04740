import VisionCompute
import VisionData
import VisionGraph
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

/// Evaluates a network by the predictions of its task, on samples that it is not trained on.
struct TaskJudge<Task: TrainableTask>: EpochJudge {
  /// The result of an evaluation.
  struct Outcome {
    var evaluator: Task.Evaluator
    /// The mean loss of the samples, or their sum if the loss is a sum.
    var loss: Double
    var held: [(prediction: Task.Prediction, truth: Task.Truth)] = []
  }

  /// The task as read from the model.
  private let task: Task
  private let samples: TaskSamples<Task>
  /// The network with the outputs of the task, in their order, and the output of the objective.
  private let graph: Graph
  private let objective: (position: Int, loss: any LossOperator, target: Int)
  private let settings: TrainerSettings

  /// - Throws: a `VisionError` for a model of another task.
  init(_ model: Model, _ samples: TaskSamples<Task>, _ settings: TrainerSettings) throws {
    (self.samples, self.settings) = (samples, settings)
    task = try Task(model)
    let (wanted, outputs) = (samples.task.objective, task.outputs)
    guard let target = samples.task.targets.firstIndex(where: { $0.name == wanted.target }) else {
      throw TrainingError(.network, "the task '\(Task.name)' has no target '\(wanted.target)'")
    }
    objective = (outputs.firstIndex(of: wanted.output) ?? outputs.count, wanted.loss, target)
    let own = try task.graph(of: model)
    guard objective.position == outputs.count else {
      graph = own
      return
    }
    let bound = try model.preprocessing.map { try model.graph.bound(to: $0) } ?? model.graph
    guard let value = bound.outputs.first(where: { $0.name == wanted.output.name })?.value,
      let same = own.value(named: bound[value].name)
    else { throw TrainingError(.network, "the model does not give the \(wanted.output.name)") }
    let builder = GraphBuilder(extending: own)
    for output in own.outputs { try builder.output(output.name, builder.value(output.value)) }
    try builder.output(wanted.output.name, builder.value(same))
    graph = builder.graph
  }

  private struct Cancelled: Error {}

  var sampleCount: Int { samples.count }
  var metrics: [(name: String, prefersLarger: Bool)] {
    samples.task.evaluator().scores.map { ($0.name, $0.prefersLarger) }
  }

  func scores(of parameters: Parameters, isCancelled: () -> Bool) throws(TrainingError)
    -> [EpochReport.Score]?
  {
    guard let outcome = try judge(parameters, isCancelled) else { return nil }
    return [EpochReport.Score(name: "loss", value: outcome.loss)]
      + outcome.evaluator.scores.map { EpochReport.Score(name: $0.name, value: $0.value) }
  }

  /// Runs the network on every sample; nil when cancelled.
  ///
  /// - Parameter keeps: whether the outcome holds all predictions and truths.
  func judge(_ parameters: Parameters, _ isCancelled: () -> Bool, keeps: Bool = false) throws(TrainingError)
    -> Outcome?
  {
    let sessions = SessionPool(
      graph, parameters, writing: task.input.specs, on: Executor(threads: settings.threads),
      SessionPool.Options(memoryLimit: settings.memoryLimit))
    var outcome = Outcome(evaluator: samples.task.evaluator(), loss: 0)
    var divisor = 0.0
    do {
      _ = try sessions.run(samples.count, .exactly(min(settings.batchSize, samples.count))) {
        index, slots, scratch in
        try write(index, slots, scratch)
      } read: { _, written, outputs in
        if isCancelled() { throw Cancelled() }
        let values = Tensor(
          Array(outputs.floats(objective.position)),
          shape: Shape([1] + outputs.shape(objective.position).dimensions))
        let terms = try objective.loss.terms(values, written.target, nil)
        outcome.loss += terms.losses.reduce(0, +)
        divisor += terms.divisor
        let prediction = try task.decode(outputs, written.context)
        outcome.evaluator.add(prediction, written.truth)
        if keeps { outcome.held.append((prediction, written.truth)) }
      }
    } catch is Cancelled { return nil } catch { throw TrainingError.wrapping(error) }
    if objective.loss.reduction == .mean { outcome.loss /= divisor }
    return outcome
  }

  private struct Written: Sendable {
    let context: Task.Input.Context
    let truth: Task.Truth
    let target: Tensor
  }

  private func write(_ index: Int, _ slots: borrowing TensorSlots, _ scratch: InputScratch) throws -> Written
  {
    let (sample, truth) = try samples.sample(index)
    do {
      let context = try task.input.write(sample.subject, into: slots, scratch)
      let rows = TensorRows(samples.task.targets, capacity: 1)
      try samples.task.write(samples.task.placed(truth, context), into: rows.slots(0))
      return Written(context: context, truth: truth, target: rows.tensor(objective.target))
    } catch { throw TrainingError.wrapping(error).at(sample.name) }
  }
}
