import VisionCompute
import VisionData
import VisionGraph
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

/// Measures a network by what its task makes of the outputs, on samples that it is not trained on.
struct TaskJudge<Task: TrainableTask>: EpochJudge {
  /// What came of it.
  struct Outcome {
    var evaluator: Task.Evaluator
    /// The mean loss of the samples, or the sum where the loss is one.
    var loss: Double
    var held: [(prediction: Task.Prediction, truth: Task.Truth)] = []
  }

  /// The task of a model with `graph`.
  let task: Task
  let samples: TaskSamples<Task>
  /// Its outputs are those of the task, in their order.
  let graph: Graph
  let objective: Objective
  let batchSize: Int
  let threads: Int?
  var memoryLimit: Int?

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

  /// Puts every sample through the network; nil when cancelled.
  func judge(_ parameters: Parameters, _ isCancelled: () -> Bool, keeps: Bool = false) throws(TrainingError)
    -> Outcome?
  {
    guard let output = task.outputs.firstIndex(of: objective.output) else {
      throw TrainingError(.network, "the task gives no \(objective.output.name)")
    }
    let sessions = SessionPool(
      graph, parameters, writing: task.input.specs, on: Executor(threads: threads),
      SessionPool.Options(memoryLimit: memoryLimit))
    var outcome = Outcome(evaluator: samples.task.evaluator(), loss: 0)
    var divisor = 0.0
    do {
      _ = try sessions.run(samples.count, .exactly(min(batchSize, samples.count))) { index, slots, scratch in
        try write(index, slots, scratch)
      } read: { _, written, outputs in
        if isCancelled() { throw Cancelled() }
        let values = Tensor(
          Array(outputs.floats(output)), shape: Shape([1] + outputs.shape(output).dimensions))
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
      let place = samples.task.targets.firstIndex { $0.name == objective.target } ?? 0
      return Written(context: context, truth: truth, target: rows.tensor(place))
    } catch { throw TrainingError.wrapping(error).at(sample.name) }
  }
}
