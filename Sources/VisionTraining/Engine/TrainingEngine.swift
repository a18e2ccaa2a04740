import VisionData
public import VisionCompute
public import VisionGraph
public import VisionModel
public import VisionRuntime
public import VisionSystem
import VisionTensor

/// A network in training: forward, backward and update on memory that is laid out before the first step.
///
/// Weights, gradients and optimizer state are stored in the layout of the kernels, and converted to their
/// shapes only on request. The same inputs give the same bits on any number of threads. A batch may be cut
/// into groups that pass through the network one after the other, which takes the activations of one group
/// only (`Settings.groups`). Used by one thread at a time.
public final class TrainingEngine {
  public let settings: Settings
  public let memory: Memory
  /// The number of updates so far.
  public private(set) var stepCount = 0
  /// The names of the trained parameters, in the order of the graph.
  public let trainedParameters: [String]

  private let plan: Plan
  private var workspace: Workspace
  private let executor: Executor
  private let numbers: ParameterMemory
  private let update: ParameterUpdate
  /// A block for each group: the plan writes the last one, and sums are formed in the first one.
  private let gradients: FlatMemory
  /// The whole batch, if it is cut into several groups; else nil.
  private let groups: BatchGroups?
  /// The positions in the plan of the network's inputs, nil for one that nothing depends on, of the target, and
  /// of the keys of dropout, nil without dropout.
  let places: (inputs: [Int?], target: Int, keys: Int?)
  private let lossOutput: Int
  private let predictionOutput: Int

  /// Compiles the step and lays out its memory.
  ///
  /// - Parameters:
  ///   - graph: the network in inference form, with its batch normalization and dropout.
  ///   - prediction: the output that the loss reads: logits, not probabilities.
  ///   - parameters: the initial weights and statistics.
  /// - Throws: `TrainingError` with code `batch` when the batch takes more than the memory limit, which names
  ///   the largest that fits; errors of the graph when a shape does not fit or there is no derivative.
  public init(
    _ graph: Graph, prediction: String = OutputRole.logits.name, parameters: consuming Parameters,
    settings: Settings,
    executor: Executor = Executor()
  ) throws(TrainingError) {
    guard settings.batchSize > 0 else {
      throw TrainingError(.batch, "the batch size \(settings.batchSize) is below 1", remedy: "use 1 or more")
    }
    guard settings.groups > 0, settings.batchSize.isMultiple(of: settings.groups) else {
      throw TrainingError(
        .batch, "a batch of \(settings.batchSize) cannot be cut into \(settings.groups) equal groups",
        remedy: "use a number of groups that divides the batch size")
    }
    let step: TrainingGraph
    do {
      step = try TrainingGraph(graph, prediction: prediction, settings: settings)
      try graph.check(parameters)
    } catch { throw TrainingError(error) }
    (plan, memory) = try Self.compile(step, parameters, settings, executor)
    self.settings = settings
    self.executor = executor
    trainedParameters = step.trained
    // Consuming the initial weights frees their memory for the steps, unless the caller keeps them.
    numbers = ParameterMemory(
      plan, names: graph.parameters.map(\.name), consume parameters, slotCount: settings.optimizer.slotCount,
      hasAverage: settings.averageDecay != nil)
    update = ParameterUpdate(plan, statistics: Set(step.statistics), settings)
    gradients = FlatMemory(plan.variableFloats * settings.groups)
    workspace = plan.makeWorkspace(
      for: executor, variables: numbers.weights.floats,
      results: gradients.floats + plan.variableFloats * (settings.groups - 1))
    let names = plan.inputs.map(\.name)
    places = (
      graph.inputs.map { names.firstIndex(of: graph[$0].name) },
      names.firstIndex(of: TrainingGraph.target) ?? 0, names.firstIndex(of: TrainingMode.keysName)
    )
    lossOutput = plan.outputs.firstIndex { $0.name == TrainingGraph.loss } ?? 0
    predictionOutput = plan.outputs.firstIndex { $0.name == prediction } ?? 0
    groups = settings.groups > 1 ? BatchGroups(settings.groups, of: plan, output: predictionOutput) : nil
  }

  private static func compile(
    _ step: TrainingGraph, _ parameters: Parameters, _ settings: Settings, _ executor: Executor
  ) throws(TrainingError) -> (Plan, Memory) {
    let compiler = TrainingPlan(step, parameters, settings, executor)
    let plan = try compiler.compile()
    return (plan, compiler.memory(of: plan))
  }

  // MARK: A step

  /// Calls `body` with the prediction of the last step, from before the update.
  public func withPrediction<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
  {
    if let groups { return try body(groups.predictions.bindMemory(to: Float.self)) }
    return try workspace.withOutput(predictionOutput) { try body($0.bindMemory(to: Float.self)) }
  }

  /// The memory of an input of the next step, for the whole batch.
  func input(_ index: Int) -> UnsafeMutableRawBufferPointer {
    groups?.input(index) ?? workspace.inputBytes(index)
  }

  /// Makes one update from the inputs and targets that were written, and returns the loss before it.
  ///
  /// - Throws: `TrainingError` with code `diverged` when the loss, or with norm clipping the gradient, is not
  ///   finite, and an error of the network when a class is out of range; then nothing has changed.
  public func step(rate: Float) throws(TrainingError) -> Float {
    let loss = try computeGradients()
    guard loss.isFinite else { throw diverged("the loss is \(loss)", rate) }
    var factor: Float = 1
    if case .norm(let bound)? = settings.clipping {
      let norm = update.norm(of: gradients.floats, on: executor)
      guard norm.isFinite else { throw diverged("the gradient is not finite", rate) }
      if norm > Double(bound) { factor = Float(Double(bound) / norm) }
    }
    stepCount += 1
    update.apply(
      gradients.floats, to: numbers, rate: rate, factor: factor, step: stepCount, on: executor)
    return loss
  }

  /// Runs the plan for each group of the batch, leaves the gradients of all groups in the first block, and
  /// returns the loss.
  private func computeGradients() throws(TrainingError) -> Float {
    let all = settings.groups * settings.reducer.processes
    guard all > 1 else { return try run() }
    var loss: Float = 0
    let length = plan.variableFloats
    for group in 0..<settings.groups {
      groups?.load(group, into: workspace)
      loss += try run()
      groups?.keepPrediction(group, from: workspace)
      guard group < settings.groups - 1 else { continue }
      (gradients.floats + group * length).update(
        from: gradients.floats + (settings.groups - 1) * length, count: length)
    }
    try settings.reducer.sum(
      UnsafeMutableBufferPointer(start: gradients.floats, count: settings.groups * length),
      groups: settings.groups, on: executor)
    update.average(gradients.floats, groups: all, on: executor)
    return settings.loss.reduction == .mean ? loss / Float(settings.groups) : loss
  }

  /// Runs the plan once and returns its loss.
  private func run() throws(TrainingError) -> Float {
    do { try plan.run(in: &workspace) } catch { throw TrainingError(error) }
    return workspace.withOutput(lossOutput) { $0.loadUnaligned(as: Float.self) }
  }

  /// Times each step of the plan, forward and backward, on the current inputs; weights stay as they are.
  public func trace(runs: Int) throws(TrainingError) -> PlanTrace {
    do { return try plan.trace(runs: runs, in: &workspace) } catch { throw TrainingError(error) }
  }

  private func diverged(_ what: String, _ rate: Float) -> TrainingError {
    TrainingError(
      .diverged, "\(what) in step \(stepCount + 1), at a learning rate of \(rate)",
      remedy: "use a smaller learning rate, a longer warm-up, or clip gradients")
  }

  // MARK: What has been learned

  /// The current parameters of the network, by name and with their shapes.
  public var parameters: Parameters { numbers.parameters }

  /// The moving averages of the parameters; nil without averaging.
  public var averagedParameters: Parameters? { numbers.averagedParameters }

  /// Everything that a step changes, exact to the bit: `weights/NAME`, `slot0/NAME`…, `average/NAME`.
  public var state: Parameters { numbers.state }

  /// Restores an earlier `state` and its step count.
  ///
  /// - Throws: `TrainingError` with code `checkpoint` when a tensor is missing or does not fit; then nothing
  ///   has changed.
  public func restore(_ state: Parameters, stepCount: Int) throws(TrainingError) {
    try numbers.restore(state)
    self.stepCount = stepCount
  }
}
