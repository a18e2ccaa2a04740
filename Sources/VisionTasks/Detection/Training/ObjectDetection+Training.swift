import VisionData
public import VisionGraph
public import VisionImage
public import VisionInference
public import VisionLayers
public import VisionModel
public import VisionSystem
public import VisionTensor
public import VisionTraining

extension ObjectDetection {
  /// The numbers that the loss reads and that boxes and scores are computed from: N×A×(K + 4B).
  static let raw = OutputRole(kind: "raw")

  public var preprocessing: Preprocessing? { input.preprocessing }
  public var classes: [String] { labels }
  public var strides: [Int] { head.strides }

  public var details: [String: JSON] {
    [
      "confidence": .number(Double(selection.confidence)), "overlap": .number(selection.overlap),
    ].merging(head.details) { $1 }
  }

  /// The pyramid and its towers begin with random weights, and have much to learn in few steps.
  public static var headRate: Float { 3 }

  // MARK: Targets

  private var target: BoxTarget { BoxTarget(capacity: head.objects) }

  public var targets: [TensorSpec] { [target.spec] }

  /// - Throws: `TrainingError` with code `data` for more objects than the task has room for, or a class that there is
  ///   not.
  public func write(_ truth: BoxTruth, into slots: borrowing TensorSlots) throws(TrainingError) {
    for object in truth.objects where !object.isIgnored && !labels.indices.contains(object.index) {
      throw TrainingError(.data, "there is no class \(object.index) among \(labels.count)")
    }
    try target.write(truth, into: slots.floats(0))
  }

  // MARK: Network

  public func head(on features: FeatureLevels) throws(GraphError) -> [OutputRole: Value] {
    let raw = try head.raw(on: features, classes: labels.count, grid: grid)
    let (boxes, scores) = try head.decoded(raw, classes: labels.count, grid: grid)
    return [Self.raw: raw, Self.boxes: boxes, Self.scores: scores]
  }

  private var grid: DetectionGrid {
    DetectionGrid(
      height: input.preprocessing.height, width: input.preprocessing.width, strides: head.strides)
  }

  public var objective: Objective {
    Objective(head.loss(classes: labels.count, grid: grid), of: Self.raw, against: BoxTarget.name)
  }

  // MARK: Judgment

  public var judged: [OutputRole] { [Self.boxes, Self.scores, Self.raw] }

  /// The boxes that COCO's numbers are computed from: those of any confidence worth looking at, since precision is
  /// averaged over all of them.
  public func prediction(_ outputs: borrowing OutputSlots, _ geometry: InputGeometry) throws(ClassifierError)
    -> [Detection]
  {
    try detections(
      outputs, geometry, BoxSelection(confidence: 0.001, overlap: selection.overlap, maximum: 300),
      most: 2000)
  }

  public func evaluator() -> DetectionScores { DetectionScores(classes: labels) }

  /// Chooses the confidence with the best F1 at an IoU of 0.5.
  public mutating func calibrate(_ held: [(prediction: [Detection], truth: BoxTruth)]) {
    let scores = held.reduce(into: evaluator()) { $0.add($1.prediction, $1.truth) }
    guard let best = scores.evaluation.metrics().confidence.best else { return }
    selection.confidence = Float(best.confidence)
  }
}
