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
  /// The task, before values are chosen for it after training.
  public let task: Task
  public let recipe: Recipe
  /// The epochs of each stage that is trained by steps and has none of its own.
  public let epochs: Int
  public let settings: TrainerSettings
  private let network: PreparedNetwork

  /// The network with the head of the task.
  public var graph: Graph { network.graph }

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
    do {
      self.network = try network.network(for: task, seed: settings.seed)
    } catch { throw TrainingError(error) }
  }

  /// The trainer of the first stage that is trained by steps, with the weights that the run begins with: to
  /// learn how much memory it takes, or to find a rate.
  ///
  /// - Throws: `TrainingError` as `Trainer.init` does; `settings` without such a stage.
  public func trainer() throws(TrainingError) -> Trainer {
    guard let stage = recipe.stages.first(where: { $0.method == .descend }) else {
      throw TrainingError(.settings, "no stage is trained by steps")
    }
    return try trainer(stage, network.parameters)
  }

  /// The trainer of the last stage that is trained by steps, which takes the most memory and time.
  ///
  /// - Throws: `TrainingError` as `Trainer.init` does; `settings` without such a stage.
  package func lastTrainer() throws(TrainingError) -> Trainer {
    guard let stage = recipe.stages.last(where: { $0.method == .descend }) else {
      throw TrainingError(.settings, "no stage is trained by steps")
    }
    return try trainer(stage, network.parameters)
  }

  /// Trains, resuming from a checkpoint if the folder of the settings has one.
  ///
  /// - Parameters:
  ///   - isCancelled: asked on the calling thread, between steps and samples; true ends the run, after
  ///     writing a checkpoint if a stage is being trained by steps.
  ///   - report: called with each event, on the calling thread.
  /// - Throws: `TrainingError` as a `Trainer` does; `interrupted` when cancelled; `dataChanged` if the samples
  ///   are not those that the ledger in the folder records.
  public func run(isCancelled: () -> Bool = { false }, report: (Event) -> Void = { _ in })
    throws(TrainingError) -> TrainingOutcome<Task>
  {
    try keepLedger()
    let judge = try data.validation.map { (samples) throws(TrainingError) in try self.judge(samples) }
    var parameters = network.parameters
    var best: (index: Int, parameters: Parameters, held: [TaskJudge<Task>.Row]?)?
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
        let training = try descend(stage, parameters, isCancelled, report)
        (result.training, parameters) = (training, training.parameters)
      }
      var held: [TaskJudge<Task>.Row]?
      if let judge {
        let rows = try rows(judge, parameters, isCancelled)
        (held, result.scores) = (rows, judge.scores(rows))
      }
      if best.map({ Self.isBetter(result.scores, than: results[$0.index].scores) }) ?? true {
        best = (results.count, parameters, held)
      }
      results.append(result)
    }
    guard let best else { throw TrainingError(.settings, "there is no stage to train") }
    results[best.index].isKept = true
    return try outcome(results, best.parameters, best.held, isCancelled)
  }

  /// Compares the samples with those that the folder's ledger records, if there is one, and records them.
  private func keepLedger() throws(TrainingError) {
    guard let folder = settings.folder, let (ledger, root) = data.ledger else { return }
    let path = "\(folder)/\(ImageLedger.fileName)"
    if FolderEntry.kind(of: path) == .file { try ImageLedger(contentsOf: path).check(ledger, root) }
    try ledger.write(to: path)
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
      guard let embedding = network.embedding, let value = graph.value(named: embedding) else { return nil }
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
    _ stage: Recipe.Stage, _ parameters: Parameters, _ isCancelled: () -> Bool, _ report: (Event) -> Void
  ) throws(TrainingError) -> TrainingResult {
    if let folder = folder(of: stage), folder != settings.folder {
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw TrainingError(.checkpoint, "no folder for the stage can be made", place: folder)
      }
    }
    let trainer = try trainer(stage, parameters)
    if let folder = folder(of: stage), Checkpoint.exists(in: folder) {
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
      epochs: stage.epochs ?? epochs, isCancelled: isCancelled, report: { report(.training($0)) })
    guard result.ending != .interrupted else {
      let name = network.isPretrained ? " of \(stage.name)" : ""
      throw TrainingError(.interrupted, "interrupted after \(result.steps) steps\(name)")
    }
    return result
  }

  private func trainer(_ stage: Recipe.Stage, _ parameters: Parameters) throws(TrainingError) -> Trainer {
    var settings = settings
    settings.loss = task.objective.loss
    settings.folder = folder(of: stage)
    if recipe.stages.count > 1 { settings.stage["stage"] = stage.name }
    // A short beginning would hardly move an average over the steps of the whole run.
    if stage.epochs != nil { settings.averageDecay = nil }
    stage.part.restrict(
      &settings, graph, head: network.head, headRate: Task.headRate, isPretrained: network.isPretrained)
    var (validation, judge): ((any TensorSource)?, TaskJudge<Task>?)
    if let held = data.validation {
      if let metrics = task.metrics, held is any TensorSource {
        (settings.metrics, validation) = (metrics, try TaskSamples.tensors(task, held))
      } else {
        judge = try self.judge(held)
      }
    }
    return try Trainer(
      graph, prediction: task.objective.output.name, parameters: parameters,
      on: TaskSamples.tensors(task, data.training), validation: validation, judge: judge,
      settings: settings)
  }

  /// The folder for checkpoint and logs of a stage: one of its own where several are trained by steps.
  private func folder(of stage: Recipe.Stage) -> String? {
    let isAlone = recipe.stages.count { $0.method == .descend } < 2
    return settings.folder.map { isAlone ? $0 : "\($0)/\(stage.name)" }
  }

  // MARK: Evaluation

  private func judge(_ samples: any SampleSource<Task.Input.Subject, Task.Truth>) throws(TrainingError)
    -> TaskJudge<Task>
  {
    try TaskJudge(graph, TaskSamples(task: task, samples: samples), settings)
  }

  private func rows(_ judge: TaskJudge<Task>, _ parameters: Parameters, _ isCancelled: () -> Bool)
    throws(TrainingError) -> [TaskJudge<Task>.Row]
  {
    // Each sample alone, so that its prediction does not depend on the other samples.
    guard let rows = try judge.rows(of: parameters, batch: 1, isCancelled: isCancelled) else {
      throw interrupted
    }
    return rows
  }

  /// The evaluation of an outcome of this run on other samples.
  package func evaluation(
    of outcome: TrainingOutcome<Task>, on samples: any SampleSource<Task.Input.Subject, Task.Truth>,
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> Task.Evaluator {
    evaluator(
      outcome.calibrated, try rows(judge(samples), outcome.model.parameters, isCancelled))
  }

  private func evaluator(_ task: Task, _ rows: [TaskJudge<Task>.Row]) -> Task.Evaluator {
    rows.reduce(into: task.evaluator()) { $0.add(task.calibrated($1.prediction), $1.truth) }
  }

  /// Calibrates the task on the predictions for the validation samples, and evaluates the model that is kept.
  private func outcome(
    _ stages: [TrainingOutcome<Task>.StageResult], _ parameters: Parameters,
    _ held: [TaskJudge<Task>.Row]?, _ isCancelled: () -> Bool
  ) throws(TrainingError) -> TrainingOutcome<Task> {
    var task = task
    do {
      if let held { try task.calibrate(held.map { ($0.prediction, $0.truth) }) }
      let model = try model(parameters, task)
      let test = try data.test.map { try rows(judge($0), parameters, isCancelled) }
      return TrainingOutcome(
        model: model, task: try Task(model), calibrated: task, stages: stages,
        validation: held.map { evaluator(task, $0) }, test: test.map { evaluator(task, $0) })
    } catch { throw TrainingError.wrapping(error) }
  }

  private func model(_ parameters: Parameters, _ task: Task) throws(GraphError) -> Model {
    if var model = network.model {
      (model.graph, model.parameters) = (graph, parameters)
      return try task.finished(model)
    }
    var model = Model(
      graph: graph, parameters: parameters, preprocessing: task.preprocessing,
      provenance: Model.Provenance(
        name: data.name, source: "trained by VisionNet for \(Task.name) on \(data.name)"))
    model.signature = task.signature(embedding: network.embedding)
    return try task.finished(model)
  }
}
