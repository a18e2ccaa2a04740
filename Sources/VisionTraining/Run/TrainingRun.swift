public import VisionData
public import VisionGraph
import VisionModel
public import VisionSystem
import VisionCompute
public import VisionInference
import VisionTensor

/// Trains a network for any task by any recipe.
///
/// ```swift
/// let run = try TrainingRun(task, on: data, from: .layers(body), epochs: 20)
/// let outcome = try run.run()
/// try outcome.model.write(to: "house-prices.onnx")
/// ```
///
/// The same samples, settings and seed give the same bytes, whatever the number of threads, and also when an
/// interrupted or killed run is resumed from its folder.
public struct TrainingRun<Task: TrainableTask>: Sendable {
  /// An event of a run.
  public enum Event: Sendable {
    case stage(Recipe.Stage)
    case training(TrainingEvent)
    case note(String)
  }

  public let data: Dataset<Task.Input.Subject, Task.Truth>
  public let recipe: Recipe
  /// The epochs of each stage that is trained by steps.
  public let epochs: Int
  public let settings: TrainerSettings
  /// The network with the head of the task.
  public let graph: Graph
  private let task: Task
  private let start: Parameters
  private let embedding: String
  private let isPretrained: Bool

  /// Prepares the run, so that mismatches are found before the first step.
  ///
  /// - Parameters:
  ///   - task: the task, with the statistics and classes of the data.
  ///   - network: the network that the head is appended to.
  ///   - epochs: the epochs of each stage that is trained by steps, at least 1.
  ///   - settings: used by each stage that is trained by steps; checkpoints and logs go to their folder. The
  ///     loss and the metrics are the task's.
  /// - Throws: `TrainingError` of data, network and settings that do not fit together.
  public init(
    _ task: Task, on data: Dataset<Task.Input.Subject, Task.Truth>, from network: StartingNetwork,
    _ recipe: Recipe = .scratch, epochs: Int, settings: TrainerSettings = TrainerSettings()
  ) throws(TrainingError) {
    guard data.training.count > 0 else { throw TrainingError(.noImages, "there are no samples to train on") }
    guard !recipe.stages.isEmpty, Set(recipe.stages.map(\.name)).count == recipe.stages.count else {
      throw TrainingError(.settings, "a recipe has stages, each with a name of its own")
    }
    guard epochs >= 1 else { throw TrainingError(.settings, "there are no epochs to train for") }
    (self.task, self.data, self.recipe, self.epochs, self.settings) = (task, data, recipe, epochs, settings)
    if case .pretrained = network { isPretrained = true } else { isPretrained = false }
    do {
      (graph, start, embedding) = try network.network(for: task, seed: settings.seed)
    } catch { throw TrainingError(error) }
  }

  /// Trains, resuming from a checkpoint if the folder of the settings has one.
  ///
  /// - Parameters:
  ///   - isCancelled: asked on the calling thread, between steps and samples; true ends the run, after
  ///     writing a checkpoint if a stage is being trained by steps.
  ///   - report: called with each event, on the calling thread.
  /// - Throws: `TrainingError` as a `Trainer` does; `interrupted` when cancelled.
  public func run(isCancelled: () -> Bool = { false }, report: (Event) -> Void = { _ in })
    throws(TrainingError) -> TrainingOutcome<Task>
  {
    let judge = try data.validation.map { (samples) throws(TrainingError) in
      try self.judge(samples, start, task)
    }
    var parameters = start
    var best: (index: Int, parameters: Parameters)?
    var results: [TrainingOutcome<Task>.StageResult] = []
    for stage in recipe.stages {
      report(.stage(stage))
      var result = TrainingOutcome<Task>.StageResult(stage: stage, scores: [])
      if stage.method == .solve, let head = try solved(parameters, isCancelled) {
        for (name, tensor) in head {
          guard parameters[name]?.shape == tensor.shape else {
            throw TrainingError(
              .network,
              "the head that was solved has '\(name)' \(tensor.shape), which the network does not have")
          }
          parameters[name] = tensor
        }
      } else {
        let training = try descend(stage, parameters, judge, isCancelled, report)
        (result.training, parameters) = (training, training.parameters)
      }
      if let judge {
        guard let outcome = try judge.judge(parameters, isCancelled) else { throw interrupted }
        result.scores =
          outcome.evaluator.scores + [Score(name: "loss", value: outcome.loss, prefersLarger: false)]
      }
      if best.map({ Self.isBetter(result.scores, than: results[$0.index].scores) }) ?? true {
        best = (results.count, parameters)
      }
      results.append(result)
    }
    guard let best else { throw TrainingError(.settings, "there is no stage to train") }
    results[best.index].isKept = true
    return try outcome(results, best.parameters, isCancelled)
  }

  private var interrupted: TrainingError { TrainingError(.interrupted, "interrupted") }

  /// Whether a stage with `scores` is kept instead of one with `others`: the first score decides, then the
  /// loss; always true without scores. NaN is worse than any number.
  private static func isBetter(_ scores: [Score], than others: [Score]) -> Bool {
    guard let first = scores.first, let other = others.first, let loss = scores.last,
      let otherLoss = others.last
    else { return true }
    func rank(_ score: Score) -> Double {
      score.value.isNaN ? -.infinity : score.prefersLarger ? score.value : -score.value
    }
    return (rank(first), rank(loss)) > (rank(other), rank(otherLoss))
  }

  // MARK: Stages

  /// The weights of the head, solved for the embeddings of all samples; nil if the task cannot do so.
  private func solved(_ parameters: Parameters, _ isCancelled: () -> Bool) throws(TrainingError)
    -> Parameters?
  {
    let samples = TaskSamples(task: task, samples: data.training)
    do {
      let builder = GraphBuilder(extending: graph)
      guard let value = graph.value(named: embedding) else { return nil }
      try builder.output(embedding, builder.value(value))
      let sessions = SessionPool(
        try DeadNodeRemoval().run(builder.graph), parameters, writing: task.input.specs,
        on: Executor(threads: settings.threads))
      // One sample at a time, so that its embedding does not depend on the other samples.
      let rows = try sessions.run(samples.count, .one) { index, slots, scratch in
        let (sample, truth) = try samples.sample(index)
        _ = try task.input.write(sample.subject, into: slots, scratch)
        return truth
      } read: { _, truth, outputs in
        if isCancelled() { throw interrupted }
        return (embedding: Array(outputs.floats(0)), truth: truth)
      }
      let width = rows.first?.embedding.count ?? 0
      return try task.solveHead(
        Tensor(rows.flatMap(\.embedding), shape: [rows.count, width]), rows.map(\.truth))
    } catch { throw TrainingError.wrapping(error) }
  }

  private func descend(
    _ stage: Recipe.Stage, _ parameters: Parameters, _ judge: TaskJudge<Task>?, _ isCancelled: () -> Bool,
    _ report: (Event) -> Void
  ) throws(TrainingError) -> TrainingResult {
    var settings = settings
    settings.loss = task.objective.loss
    settings.stage["stage"] = stage.name
    stage.part.restrict(&settings, graph, head: Task.headPath, isPretrained: isPretrained)
    if recipe.stages.count(where: { $0.method == .descend }) > 1, let folder = settings.folder {
      settings.folder = "\(folder)/\(stage.name)"
      guard mkdir("\(folder)/\(stage.name)", 0o777) == 0 || errno == EEXIST else {
        throw TrainingError(
          .checkpoint, "no folder for the stage can be made", place: "\(folder)/\(stage.name)")
      }
    }
    let trainer = try Trainer(
      graph, prediction: task.objective.output.name, parameters: parameters,
      on: TaskSamples.tensors(task, data.training), judge: judge, settings: settings)
    if let folder = settings.folder, Checkpoint.exists(in: folder) {
      let checkpoint = try Checkpoint(contentsOf: folder)
      guard checkpoint.stage["stage"] ?? stage.name == stage.name else {
        throw TrainingError(
          .checkpoint, "the checkpoint is of the stage '\(checkpoint.stage["stage"] ?? "")'", place: folder,
          remedy: "go on with the recipe of that run, or begin a new one")
      }
      try trainer.resume(from: checkpoint)
      let position = checkpoint.position
      report(.note("going on after epoch \(position.epoch) of \(checkpoint.epochs), step \(position.step)"))
    }
    let result = try trainer.runBlocking(
      epochs: epochs, isCancelled: isCancelled, report: { report(.training($0)) })
    guard result.ending != .interrupted else {
      throw TrainingError(.interrupted, "interrupted after \(result.steps) steps")
    }
    return result
  }

  // MARK: What is kept

  private func model(_ parameters: Parameters, _ task: Task) throws(GraphError) -> Model {
    var model = Model(
      graph: graph, parameters: parameters, preprocessing: task.preprocessing,
      provenance: Model.Provenance(
        name: data.name, source: "trained by VisionNet for \(Task.name) on \(data.name)"))
    model.signature = task.signature(embedding: embedding)
    return try task.finished(model)
  }

  private func judge(
    _ samples: any SampleSource<Task.Input.Subject, Task.Truth>, _ parameters: Parameters, _ task: Task
  ) throws(TrainingError) -> TaskJudge<Task> {
    do {
      return try TaskJudge(
        model(parameters, task), TaskSamples(task: task, samples: samples), settings)
    } catch { throw TrainingError.wrapping(error) }
  }

  /// Calibrates the task on the validation samples, and evaluates the model that is kept.
  private func outcome(
    _ stages: [TrainingOutcome<Task>.StageResult], _ parameters: Parameters, _ isCancelled: () -> Bool
  ) throws(TrainingError) -> TrainingOutcome<Task> {
    func judged(
      _ samples: (any SampleSource<Task.Input.Subject, Task.Truth>)?, _ task: Task, keeps: Bool = false
    ) throws(TrainingError) -> TaskJudge<Task>.Outcome? {
      guard let samples else { return nil }
      let judge = try judge(samples, parameters, task)
      guard let outcome = try judge.judge(parameters, isCancelled, keeps: keeps) else { throw interrupted }
      return outcome
    }
    var task = task
    do {
      if let held = try judged(data.validation, task, keeps: true)?.held { try task.calibrate(held) }
      let model = try model(parameters, task)
      return TrainingOutcome(
        model: model, task: try Task(model), stages: stages,
        validation: try judged(data.validation, task)?.evaluator, test: try judged(data.test, task)?.evaluator
      )
    } catch { throw TrainingError.wrapping(error) }
  }
}
