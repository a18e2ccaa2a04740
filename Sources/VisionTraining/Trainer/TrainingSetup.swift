import VisionSystem
import VisionData
import VisionGraph
import VisionTensor

/// The choices that follow from network, data and settings, made and checked before anything is computed.
struct TrainingSetup {
  let target: BatchTarget
  let loss: any LossOperator
  let classWeights: [Float]?
  /// The metrics of an epoch, unless a task evaluates it.
  let metrics: [any Metric]
  /// The number of trained parameters.
  let trainedCount: Int
  /// The settings and counts that must be the same when a run is resumed.
  let conditions: [String: String]
  private let selection: String
  private let prefersLarger: Bool

  init(
    _ graph: Graph, prediction: String, training: BatchFeed, validation: BatchFeed?,
    judge: (any EpochJudge)? = nil, settings: TrainerSettings
  ) throws(TrainingError) {
    guard let output = graph.outputs.first(where: { $0.name == prediction })?.value else {
      throw TrainingError(
        .data, "the network has no output '\(prediction)'",
        remedy: "its outputs are: \(graph.outputs.map(\.name).joined(separator: ", "))")
    }
    let shape = graph.fact(output).shape
    let columns = shape.elementCount / max(shape.first ?? 1, 1)
    for batches in [training, validation].compactMap({ $0 }) {
      try Self.check(batches, graph, columns: settings.loss?.targetShape?.elementCount ?? columns)
    }
    target = training.target
    if let counts = training.source.classCounts, target != .values {
      guard counts.count <= columns else {
        throw TrainingError(.data, "\(counts.count) classes for a network that tells \(columns) apart")
      }
      guard counts.count(where: { $0 > 0 }) > 1 else {
        throw TrainingError(
          .oneClass, "all samples to train on are of one class, so there is nothing to tell apart",
          remedy: "add samples of another class")
      }
    }
    loss = settings.loss(for: target)
    classWeights = try Self.weights(settings.classWeights, training, columns)
    metrics = settings.metrics(for: target, columns: columns)
    let measured = judge?.metrics ?? metrics.map { ($0.name, $0.prefersLarger) }
    let names = measured.map(\.name)
    guard Set(names + ["loss"]).count == names.count + 1 else {
      throw TrainingError(.settings, "two metrics have the same name: \(names.joined(separator: ", "))")
    }
    let selection = settings.selection(of: names)
    guard selection == "loss" || names.contains(selection) else {
      throw TrainingError(
        .settings, "there is no metric '\(selection)' to choose the best epoch by",
        remedy: "the metrics are: \((["loss"] + names).joined(separator: ", "))")
    }
    self.selection = selection
    prefersLarger = measured.first { $0.name == selection }?.prefersLarger ?? false
    let statistics = Self.statistics(graph)
    trainedCount = graph.parameters.reduce(0) { sum, parameter in
      let isTrained = !statistics.contains(parameter.name) && settings.isTrained(parameter.name)
      return isTrained ? sum + parameter.fact.shape.elementCount : sum
    }
    conditions = [
      "seed": "\(settings.seed)", "samples": "\(training.sampleCount)",
      "batch size": "\(training.batchSize)", "batches of an epoch": "\(training.batchesPerEpoch)",
      "validation samples": "\(judge?.sampleCount ?? validation?.sampleCount ?? 0)", "loss": "\(loss)",
      "optimizer": "\(settings.optimizer)", "schedule": "\(settings.schedule)",
      "class weights": "\(settings.classWeights)", "clipping": settings.clipping.map { "\($0)" } ?? "none",
      "average": settings.averageDecay.map { "\($0)" } ?? "none", "selection": selection,
        // Checkpoints of undivided batches have no entry for groups.
    ].merging(settings.groups == 1 ? [:] : ["groups of a batch": "\(settings.groups)"]) { $1 }
  }

  private static func check(_ batches: BatchFeed, _ graph: Graph, columns: Int) throws(TrainingError) {
    let count = batches.inputs.count
    guard graph.inputs.count == count else {
      throw TrainingError(
        .data, "the network has \(graph.inputs.count) inputs, not \(count == 1 ? "one" : "\(count)")")
    }
    for (spec, input) in zip(batches.inputs, graph.inputs) {
      let (fact, shape) = (graph.fact(input), Shape(Array(graph.fact(input).shape.dropFirst())))
      guard spec.bounds == shape else {
        throw TrainingError(.data, "samples are \(spec.bounds), but the network takes \(shape)")
      }
      guard spec.type == fact.type else {
        throw TrainingError(.data, "samples are \(spec.type), but the network takes \(fact.type)")
      }
    }
    if let width = batches.targetWidth, width != columns {
      throw TrainingError(
        .data, "targets of \(width) numbers for a network that gives \(columns)",
        remedy: "make the last layer as wide as the targets")
    }
  }

  func engineSettings(_ settings: TrainerSettings, batchSize: Int) -> TrainingEngine.Settings {
    var result = TrainingEngine.Settings(batchSize: batchSize, optimizer: settings.optimizer)
    result.groups = settings.groups
    result.loss = loss
    result.classWeights = classWeights
    result.target = target
    result.isTrained = settings.isTrained
    result.keepsStatistics = settings.keepsStatistics
    result.rateFactor = settings.rateFactor
    result.clipping = settings.clipping
    result.averageDecay = settings.averageDecay
    result.memoryLimit = settings.memoryLimit
    return result
  }

  /// Whether the scores of an epoch are better than the best ones so far; ties are decided by the smaller
  /// loss. Scores that are not finite are never better.
  func isBetter(_ scores: [EpochReport.Score], than best: [EpochReport.Score]?) -> Bool {
    func value(_ scores: [EpochReport.Score], _ name: String, _ sign: Double) -> Double {
      let value = scores.first { $0.name == name }?.value ?? .nan
      return value.isNaN ? -.infinity : sign * value
    }
    guard [selection, "loss"].allSatisfy({ value(scores, $0, 1).isFinite }) else { return false }
    guard let best else { return true }
    let sign: Double = prefersLarger ? 1 : -1
    return (value(scores, selection, sign), value(scores, "loss", -1))
      > (value(best, selection, sign), value(best, "loss", -1))
  }

  /// Throws for a checkpoint that was written with other conditions.
  func check(_ others: [String: String]) throws(TrainingError) {
    for (name, value) in conditions.sorted(by: { $0.key < $1.key }) where others[name] != value {
      throw TrainingError(
        .checkpoint, "the checkpoint was written with \(name) \(others[name] ?? "unknown"), not \(value)",
        remedy: "go on with the data and settings of that run, or begin a new one")
    }
  }

  /// The names of the running statistics, which are not trained.
  private static func statistics(_ graph: Graph) -> Set<String> {
    var names: Set<String> = []
    for node in graph.nodes where node.operation is BatchNormalization {
      for case let input? in node.inputs.dropFirst(3) { names.insert(graph[input].name) }
    }
    return names
  }

  private static func weights(
    _ wanted: TrainerSettings.ClassWeights, _ training: BatchFeed, _ columns: Int
  ) throws(TrainingError) -> [Float]? {
    switch wanted {
    case .equal: return nil
    case .given(let weights):
      guard weights.count == columns, weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw TrainingError(
          .settings, "\(weights.count) class weights for \(columns) classes; each is 0 or more")
      }
      return weights
    case .balanced:
      guard let counts = training.source.classCounts else {
        throw TrainingError(.settings, "class weights cannot be balanced where there are no classes")
      }
      let present = counts.count { $0 > 0 }
      let samples = training.target == .values ? training.sampleCount : counts.reduce(0, +)
      return (0..<columns).map { index in
        guard index < counts.count, counts[index] > 0 else { return 1 }
        return training.target == .values
          ? Float(samples - counts[index]) / Float(counts[index])
          : Float(samples) / Float(present * counts[index])
      }
    }
  }
}
