import VisionCompute
import VisionGraph
import VisionRuntime
import VisionSystem
import VisionTensor

/// Compiles the graph of a training step, within the memory limit.
struct TrainingPlan {
  private let step: TrainingGraph
  private let parameters: Parameters
  private let settings: TrainingEngine.Settings
  private let executor: Executor
  private let limit: Int

  init(
    _ step: TrainingGraph, _ parameters: Parameters, _ settings: TrainingEngine.Settings, _ executor: Executor
  ) {
    self.step = step
    self.parameters = parameters
    self.settings = settings
    self.executor = executor
    limit = settings.memoryLimit
  }

  /// - Throws: `TrainingError` with code `batch` for a batch that does not fit; it names the largest that
  ///   does.
  func compile() throws(TrainingError) -> Plan {
    let ofGroup = settings.batchSize / settings.groups
    if let plan = try plan(batch: ofGroup) { return plan }
    var (fits, fails) = (0, ofGroup)
    while fails - fits > 1 {
      let middle = (fits + fails) / 2
      if try plan(batch: middle) == nil { fails = middle } else { fits = middle }
    }
    let remedy =
      fits > 0
      ? "the largest batch that fits is \(fits * settings.groups)"
      : "not even one image fits: use smaller images or a smaller network"
    throw TrainingError(
      .batch,
      "training with batches of \(settings.batchSize) takes more than the \(MachineMemory.text(limit)) allowed",
      remedy: remedy)
  }

  /// The plan for a batch; nil when it takes more than the memory limit.
  private func plan(batch: Int) throws(TrainingError) -> Plan? {
    var outlets: [String: String] = [:]
    for name in step.trained { outlets[Graph.gradientName(of: name)] = name }
    for name in step.statistics { outlets[TrainingMode.updateName(of: name)] = name }
    let variables = step.trained + step.statistics
    let changing = Set(variables)
    do {
      let plan = try Plan(
        step.graph.bound(batch: batch), parameters: parameters,
        passes: Graph.trainingPasses(isFrozen: { !changing.contains($0) }), variables: variables,
        outlets: outlets, instructionSet: executor.instructionSet, memoryLimit: limit)
      return memory(of: plan).total <= limit ? plan : nil
    } catch {
      if error.kind == .tooLarge { return nil }
      throw TrainingError(error)
    }
  }

  func memory(of plan: Plan) -> TrainingEngine.Memory {
    let floats = plan.variableFloats
    return TrainingEngine.Memory(
      activations: plan.arenaByteCount + plan.scratchByteCount(threads: executor.threads)
        + BatchGroups.byteCount(settings.groups, of: plan, output: step.prediction),
      weights: 4 * floats, gradients: 4 * floats * settings.groups,
      slots: 4 * floats * settings.optimizer.slotCount,
      average: settings.averageDecay == nil ? 0 : 4 * floats)
  }
}
