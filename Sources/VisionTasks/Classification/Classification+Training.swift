public import VisionData
public import VisionGraph
public import VisionImage
public import VisionLayers
public import VisionModel
public import VisionTensor
public import VisionTraining
public import VisionInference
public import VisionSystem

/// Training for one class per image, with cross-entropy. Temperature and threshold are fitted on the
/// validation images.
extension Classification: TrainableTask {
  /// Makes the task for these classes before there is a network.
  ///
  /// - Throws: `ClassifierError` with code `labels` for fewer than two classes.
  public init(labels: [String], preprocessing: Preprocessing) throws(ClassifierError) {
    guard labels.count > 1 else {
      throw ClassifierError(.labels, "there are \(labels.count) classes, so there is nothing to tell apart")
    }
    // The roles of input and outputs are taken from the smallest network that this task would train.
    let graph: Graph
    do throws(GraphError) {
      let builder = GraphBuilder()
      let sides = [preprocessing.channels.count, preprocessing.height, preprocessing.width]
      let input = try builder.input(
        "input", dimensions: [.symbolic("N")] + sides.map { .fixed($0) })
      let pooled = try Flatten()(GlobalAveragePool()(input))
      try builder.output(OutputRole.logits.name, Dense(labels.count)(pooled))
      graph = try builder.graph.withProbabilities()
    } catch { throw ClassifierError.wrapping(error) }
    try self.init(
      Model(
        graph: graph, parameters: graph.initialParameters(seed: 0), labels: labels,
        preprocessing: preprocessing))
  }

  public var classes: [String] { labels }
  public var preprocessing: Preprocessing? { input.preprocessing }

  public var targets: [TensorSpec] {
    [TensorSpec(name: "classes", type: .int64, shape: [], mixing: .classes(labels.count))]
  }

  /// - Throws: `TrainingError` with code `label` unless there is exactly one class, and the task has it.
  public func write(_ truth: ClassLabel, into slots: borrowing TensorSlots) throws {
    guard truth.classes.count == 1, let label = truth.classes.first, labels.indices.contains(label) else {
      throw TrainingError(
        .label, "the classes \(truth.classes) are not one of the \(labels.count) that there are")
    }
    slots.integers(0)[0] = Int64(label)
  }

  public func head(on features: FeatureLevels) throws(GraphError) -> [OutputRole: Value] {
    guard let embedding = features.embedding else {
      throw GraphError(.structure, "classification needs an embedding of the image")
    }
    return [.logits: try Dense(labels.count)(embedding)]
  }

  public var objective: Objective { Objective(loss, of: .logits, against: "classes") }

  public func evaluator() -> ClassCounts { ClassCounts(labels, threshold: threshold) }

  public var metrics: [any Metric]? { [TopAccuracy(1)] + (labels.count > 5 ? [TopAccuracy(5)] : []) }

  public var judged: [OutputRole] { [.logits] }

  /// - Throws: `TrainingError` with code `notFinite`.
  public func prediction(_ outputs: borrowing OutputSlots, _ geometry: InputGeometry) throws -> ClassScores {
    let logits = Array(outputs.floats(0))
    guard logits.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .notFinite, "the network gives numbers for the image that are not finite",
        remedy: "check the model's weights, and that the preprocessing is the model's")
    }
    return ClassScores(logits: logits, temperature: 1)
  }

  public func calibrated(_ prediction: ClassScores) -> ClassScores {
    prediction.logits.isEmpty
      ? prediction : ClassScores(logits: prediction.logits, temperature: temperature)
  }

  public mutating func calibrate(_ held: [(prediction: ClassScores, truth: ClassLabel)]) {
    // Where the logits are not known, the logarithms of the probabilities are valid ones.
    let logits = held.flatMap { pair in
      pair.prediction.logits.isEmpty
        ? pair.prediction.probabilities.map { log(max($0, .leastNormalMagnitude)) } : pair.prediction.logits
    }
    let calibration = Calibration(
      logits: Matrix(rows: held.count, columns: labels.count, elements: logits),
      labels: held.map { $0.truth.classes[0] })
    (temperature, threshold) = (calibration.temperature, calibration.threshold)
  }

  /// The temperature and the threshold that `calibrate` has fitted.
  public var calibration: Calibration { Calibration(temperature: temperature, threshold: threshold) }

  /// The network with the outputs `logits` and `probabilities`, and without weights that neither depends on.
  public func finished(_ model: Model) throws(GraphError) -> Model {
    guard let logits = model.graph.output(of: .logits)?.value else {
      throw GraphError(.name, "the network has no output '\(OutputRole.logits.name)'")
    }
    let builder = GraphBuilder(extending: model.graph)
    try builder.output(OutputRole.logits.name, builder.value(logits))
    var model = model
    model.graph = try DeadNodeRemoval().run(builder.graph).withProbabilities(
      temperature: Float(temperature))
    var kept = Parameters()
    for (_, name, _, _) in model.graph.parameters { kept[name] = model.parameters[name] }
    (model.parameters, model.threshold) = (kept, threshold)
    return model
  }

  public var details: [String: JSON] {
    threshold.map { [Model.thresholdDetail: .number($0)] } ?? [:]
  }
}
