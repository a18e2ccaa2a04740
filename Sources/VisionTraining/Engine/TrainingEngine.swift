import VisionData
public import VisionCompute
public import VisionGraph
public import VisionModel
public import VisionRuntime
public import VisionSystem
import VisionTensor

/// One network while it is trained: forward, backward and update on memory that is laid out before the first step.
///
/// Weights, gradients and what the optimizer remembers lie in the order that the kernels read, and are brought to their
/// own shapes only when somebody asks. The same inputs give the same bits on any number of threads. Not for use by two
/// threads at once.
public final class TrainingEngine {
  public let settings: Settings
  public let memory: Memory
  /// The updates that have been made.
  public private(set) var stepCount = 0
  /// The names of the parameters that are trained, in the order of the graph.
  public let trainedParameters: [String]

  /// What is not trained: the start of what is trained is not kept.
  private let untrained: Parameters
  private let names: [String]
  private let plan: Plan
  private var workspace: Workspace
  private let executor: Executor
  private let variables: [Plan.Variable]
  private let weights: FlatMemory
  private let results: FlatMemory
  private let slots: FlatMemory
  private let average: FlatMemory?
  private let updates: [ParameterBlock]
  private let statistics: [Plan.Variable]
  private let target: Int
  private let keys: Int?
  private let lossOutput: Int
  private let predictionOutput: Int

  /// Compiles the step and lays out its memory.
  ///
  /// - Parameters:
  ///   - graph: the network as it is used, with BatchNormalization and Dropout in place; its first input is the image.
  ///   - prediction: the output that the loss reads: logits, not probabilities.
  ///   - parameters: where training starts.
  /// - Throws: `TrainingError` with code `batch` when the batch needs more memory than there is, which names the largest
  ///   that fits; of the graph when a shape does not fit or there is no derivative.
  public init(
    _ graph: Graph, prediction: String = OutputRole.logits.name, parameters: consuming Parameters,
    settings: Settings,
    executor: Executor = Executor()
  ) throws(TrainingError) {
    guard settings.batchSize > 0 else {
      throw TrainingError(.batch, "the batch size \(settings.batchSize) is below 1", remedy: "use 1 or more")
    }
    let step: TrainingGraph
    do {
      step = try TrainingGraph(graph, prediction: prediction, settings: settings)
      try graph.check(parameters)
    } catch { throw TrainingError(error) }
    (plan, memory) = try Self.compile(step, parameters, settings, executor)
    self.settings = settings
    self.executor = executor
    names = graph.parameters.map(\.name)
    trainedParameters = step.trained
    variables = plan.variableList
    let changing = Set(variables.map(\.name))
    var untrained = Parameters()
    for (name, tensor) in parameters where !changing.contains(name) { untrained[name] = tensor }
    self.untrained = untrained
    let count = plan.variableFloats
    weights = FlatMemory(count)
    for variable in variables {
      guard let tensor = parameters[variable.name] else { continue }
      plan.store(tensor, as: variable, in: weights.floats)
    }
    // Unless the caller keeps them, the weights to start with make room for what the steps need.
    parameters = Parameters()
    Executor.releaseFreeMemory()
    results = FlatMemory(count)
    slots = FlatMemory(count * settings.optimizer.slotCount)
    average = settings.averageDecay.map { _ in FlatMemory(count) }
    average?.floats.update(from: weights.floats, count: count)
    workspace = plan.makeWorkspace(for: executor, variables: weights.floats, results: results.floats)
    let renewed = Set(step.statistics)
    statistics = variables.filter { renewed.contains($0.name) }
    updates = ParameterBlock.cut(
      variables.filter { !renewed.contains($0.name) }, whole: settings.optimizer.needsWholeParameter,
      factor: settings.rateFactor)
    target = plan.inputs.firstIndex { $0.name == TrainingGraph.target } ?? 0
    keys = plan.inputs.firstIndex { $0.name == TrainingMode.keysName }
    lossOutput = plan.outputs.firstIndex { $0.name == TrainingGraph.loss } ?? 0
    predictionOutput = plan.outputs.firstIndex { $0.name == prediction } ?? 0
  }

  private static func compile(
    _ step: TrainingGraph, _ parameters: Parameters, _ settings: Settings, _ executor: Executor
  ) throws(TrainingError) -> (Plan, Memory) {
    let compiler = TrainingPlan(step, parameters, settings, executor)
    let plan = try compiler.compile()
    return (plan, compiler.memory(of: plan))
  }

  // MARK: A step

  /// Calls `body` with the images of the next step, N×C×H×W.
  public func withInput<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows
    -> Result
  {
    try body(workspace.inputBytes(0).bindMemory(to: Float.self))
  }

  /// Calls `body` with the classes of the next step, N.
  ///
  /// Precondition: the target is `.classes`.
  public func withClasses<Result>(_ body: (UnsafeMutableBufferPointer<Int64>) throws -> Result) rethrows
    -> Result
  {
    precondition(settings.target == .classes, "the target of this training is not classes")
    return try body(workspace.inputBytes(target).bindMemory(to: Int64.self))
  }

  /// Calls `body` with the numbers that the next step's prediction is compared with, of its shape.
  ///
  /// Precondition: the target is not `.classes`.
  public func withTargets<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows
    -> Result
  {
    precondition(settings.target != .classes, "the target of this training is classes")
    return try body(workspace.inputBytes(target).bindMemory(to: Float.self))
  }

  /// Calls `body` with what the network predicted in the last step, before the update.
  public func withPrediction<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
  {
    try workspace.withOutput(predictionOutput) { try body($0.bindMemory(to: Float.self)) }
  }

  /// Says what Dropout drops in the next step: that follows from seed, epoch and the number of each sample alone.
  ///
  /// Precondition: there is a sample for each row of the batch.
  public func setKeys(seed: UInt64, epoch: Int, samples: [Int]) {
    precondition(samples.count == settings.batchSize)
    guard let keys else { return }
    workspace.withInput(keys) { bytes in
      let numbers = bytes.bindMemory(to: Int64.self)
      for (row, sample) in samples.enumerated() {
        numbers[3 * row] = Int64(bitPattern: seed)
        numbers[3 * row + 1] = Int64(epoch)
        numbers[3 * row + 2] = Int64(sample)
      }
    }
  }

  /// Makes one update on the images and targets that were written, and returns the loss before it.
  ///
  /// - Throws: `TrainingError` with code `diverged` when loss or gradients are not finite, and of the network when a
  ///   class is out of range; then nothing has changed.
  public func step(rate: Float) throws(TrainingError) -> Float {
    do {
      try plan.run(in: &workspace)
    } catch { throw TrainingError(error) }
    let loss = workspace.withOutput(lossOutput) { $0.loadUnaligned(as: Float.self) }
    guard loss.isFinite else { throw diverged("the loss is \(loss)", rate) }
    var factor: Float = 1
    if case .norm(let bound)? = settings.clipping {
      let norm = gradientNorm()
      guard norm.isFinite else { throw diverged("the gradient is not finite", rate) }
      if norm > Double(bound) { factor = Float(Double(bound) / norm) }
    }
    stepCount += 1
    update(rate: rate, factor: factor)
    return loss
  }

  /// Times each step of the plan, forward and backward, on what was written last; weights stay as they are.
  public func trace(runs: Int) throws(TrainingError) -> PlanTrace {
    do { return try plan.trace(runs: runs, in: &workspace) } catch { throw TrainingError(error) }
  }

  private func diverged(_ what: String, _ rate: Float) -> TrainingError {
    TrainingError(
      .diverged, "\(what) in step \(stepCount + 1), at a learning rate of \(rate)",
      remedy: "use a smaller learning rate, a longer warm-up, or clip gradients")
  }

  /// The Euclidean norm of all gradients; in parts that depend on shapes alone, added up in order.
  private func gradientNorm() -> Double {
    var sums = [Double](repeating: 0, count: updates.count)
    sums.withUnsafeMutableBufferPointer { buffer in
      // Each call reads the gradients of its own block and writes its sum.
      nonisolated(unsafe) let (sums, gradients) = (buffer, results.floats)
      executor.forEach(count: updates.count) { [updates] index, _ in
        let block = updates[index]
        var sum = 0.0
        for position in block.offset..<block.offset + block.count {
          sum += Double(gradients[position]) * Double(gradients[position])
        }
        sums[index] = sum
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  private func update(rate: Float, factor: Float) {
    let bound: Float?
    if case .value(let value)? = settings.clipping { bound = value } else { bound = nil }
    let total = plan.variableFloats
    // Each call changes the numbers of its own block.
    nonisolated(unsafe) let (weights, gradients, slots) = (weights.floats, results.floats, slots.floats)
    nonisolated(unsafe) let average = average?.floats
    let (updates, settings, stepCount) = (updates, settings, stepCount)
    let hasSlots = settings.optimizer.slotCount > 0
    let decay = settings.averageDecay
    executor.forEach(count: updates.count) { index, _ in
      let block = updates[index]
      let (first, count) = (block.offset, block.count)
      let gradient = UnsafeMutableBufferPointer(start: gradients + first, count: count)
      if factor != 1 { for i in 0..<count { gradient[i] *= factor } }
      if let bound { for i in 0..<count { gradient[i] = min(max(gradient[i], -bound), bound) } }
      settings.optimizer.update(
        ParameterPart(
          name: block.name, weights: UnsafeMutableBufferPointer(start: weights + first, count: count),
          gradient: UnsafeBufferPointer(gradient), step: stepCount, rate: rate * block.factor,
          decays: block.decays, slots: hasSlots ? slots + first : nil, slotStride: total))
      if let decay, let average { Self.move(average + first, to: weights + first, count, decay) }
    }
    for variable in statistics {
      (weights + variable.offset).update(from: gradients + variable.offset, count: variable.count)
      if let decay, let average {
        Self.move(average + variable.offset, to: weights + variable.offset, variable.count, decay)
      }
    }
  }

  private static func move(
    _ average: UnsafeMutablePointer<Float>, to weights: UnsafePointer<Float>, _ count: Int, _ decay: Float
  ) {
    let share = 1 - decay
    for i in 0..<count { average[i] += share * (weights[i] - average[i]) }
  }

  // MARK: What has been learned

  /// All parameters of the network as they are now, under their names and with their shapes.
  public var parameters: Parameters { parameters(weights) }

  /// The moving averages of the parameters, where there are any.
  public var averagedParameters: Parameters? { average.map { parameters($0) } }

  private func parameters(_ memory: FlatMemory) -> Parameters {
    let own = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0) })
    var result = Parameters()
    for name in names {
      result[name] = own[name].map { plan.load($0, from: memory.floats) } ?? untrained[name]
    }
    return result
  }

  /// Everything that a step changes, bit by bit: `weights/NAME`, `slot0/NAME`…, `average/NAME`.
  public var state: Parameters {
    var result = Parameters()
    for (place, memory) in places {
      for variable in variables {
        result["\(place)/\(variable.name)"] = plan.load(variable, from: memory)
      }
    }
    return result
  }

  /// Goes on from what `state` gave.
  ///
  /// - Throws: `TrainingError` with code `checkpoint` when a tensor is missing or does not fit; then nothing has changed.
  public func restore(_ state: Parameters, stepCount: Int) throws(TrainingError) {
    for (place, _) in places {
      for variable in variables {
        let name = "\(place)/\(variable.name)"
        guard let tensor = state[name], tensor.elementType == .float32, tensor.shape == variable.fact.shape
        else {
          throw TrainingError(
            .checkpoint,
            "the checkpoint does not fit the network: '\(name)' is \(state[name].map { "\($0)" } ?? "missing")",
            place: name, remedy: "resume with the configuration that the run was started with")
        }
      }
    }
    for (place, memory) in places {
      for variable in variables {
        guard let tensor = state["\(place)/\(variable.name)"] else { continue }
        plan.store(tensor, as: variable, in: memory)
      }
    }
    self.stepCount = stepCount
  }

  private var places: [(name: String, memory: UnsafeMutablePointer<Float>)] {
    var result = [("weights", weights.floats)]
    for index in 0..<settings.optimizer.slotCount {
      result.append(("slot\(index)", slots.floats + index * plan.variableFloats))
    }
    if let average { result.append(("average", average.floats)) }
    return result
  }
}
