import VisionData
import VisionGraph
public import VisionImage
public import VisionInference
public import VisionModel
import VisionSystem
public import VisionTensor
public import VisionTraining

/// The task of finding objects in an image: where they are, and of which class.
///
/// A network for it has the outputs `boxes` N×A×4 (left, top, right, bottom in pixels of the input) and `scores`
/// N×A×K (0...1) for A places, before any selection; detectors of faces or persons may have `points` N×A×P×2 (x and y
/// in pixels of the input), too.
public struct ObjectDetection: TrainableTask {
  public static let name = "detection"
  public static let columns = ["label", "index", "score", "x", "y", "w", "h"]
  public static let summaryColumns: [String] = []

  public let input: ImageInputWriter
  /// The names of the classes, in the order of the network's scores.
  public let labels: [String]
  /// Which boxes count as results.
  public var selection: BoxSelection
  /// The classes that count; nil for all.
  public var chosenClasses: Set<Int>?
  /// How the task's own layers are built and trained; the default for networks of others.
  public var head: DetectionHead

  /// Left, top, right and bottom of each place.
  static let boxes = OutputRole(kind: "boxes")
  /// The score of each place and class.
  static let scores = OutputRole(kind: "scores")
  /// x and y of each place's points.
  static let points = OutputRole(kind: "points")

  /// P, the number of points of each object; 0 for detectors without points.
  public let pointCount: Int

  /// - Throws: `ClassifierError` when the model is for another task, has no preprocessing, or its outputs do not fit
  ///   its labels.
  public init(_ model: Model) throws {
    guard model.task == Self.name else {
      throw ClassifierError(
        .network, "the model is for \(model.task), not for \(Self.name)",
        remedy: "use a detector; `visionnet inspect` says what a model is for")
    }
    input = try ImageInputWriter(model)
    let signature = model.signature
    func named(_ name: String) -> ValueID? { model.graph.outputs.first { $0.name == name }?.value }
    guard let scores = signature.value(of: Self.scores).flatMap(named),
      let boxes = signature.value(of: Self.boxes).flatMap(named)
    else { throw ClassifierError(.network, "the model has no outputs for boxes and scores") }
    for value in [boxes, scores] where model.graph.fact(value).type != .float32 {
      throw ClassifierError(
        .network, "the outputs for boxes and scores are \(model.graph.fact(value).type), not float32")
    }
    let (places, numbers) = (model.graph.fact(boxes).shape, model.graph.fact(scores).shape)
    guard places.rank == 3, numbers.rank == 3, places[2] == 4, places[1] == numbers[1] else {
      throw ClassifierError(.network, "boxes \(places) and scores \(numbers) do not fit each other")
    }
    guard model.labels.isEmpty || model.labels.count == numbers[2] else {
      throw ClassifierError(
        .labels, "there are \(model.labels.count) labels for \(numbers[2]) classes",
        remedy: "give one label a class, in the order of the scores")
    }
    head = DetectionHead(signature.details)
    if let points = signature.value(of: Self.points).flatMap(named) {
      let shape = model.graph.fact(points).shape
      guard model.graph.fact(points).type == .float32, shape.rank == 4, shape[1] == places[1], shape[3] == 2
      else {
        throw ClassifierError(.network, "points \(shape) and boxes \(places) do not fit each other")
      }
      pointCount = shape[2]
    } else {
      pointCount = 0
    }
    labels = model.labels.isEmpty ? (0..<numbers[2]).map { "class \($0)" } : model.labels
    selection = BoxSelection()
    if let confidence = signature.number("confidence") { selection.confidence = Float(confidence) }
    if let overlap = signature.number("overlap") { selection.overlap = overlap }
  }

  /// Prepares training of detectors with these classes.
  ///
  /// - Parameters:
  ///   - input: the name of the network's input.
  /// - Throws: `ClassifierError` with code `labels` where there is no class.
  public init(
    labels: [String], preprocessing: Preprocessing, head: DetectionHead = DetectionHead(),
    input: String = "input"
  ) throws {
    guard !labels.isEmpty else { throw ClassifierError(.labels, "there is no class to find objects of") }
    let builder = GraphBuilder()
    _ = try builder.image(
      input, channels: preprocessing.channels.count, height: preprocessing.height,
      width: preprocessing.width)
    self.input = ImageInputWriter(try ImageInput(builder.graph, preprocessing: preprocessing), preprocessing)
    (self.labels, self.head, selection, pointCount) = (labels, head, BoxSelection(), 0)
  }

  /// The same for a model that differs by the size of its input alone.
  func resized(to model: Model) throws -> ObjectDetection {
    var task = try ObjectDetection(model)
    (task.selection, task.chosenClasses) = (selection, chosenClasses)
    return task
  }

  public var outputs: [OutputRole] { [Self.boxes, Self.scores] + (pointCount > 0 ? [Self.points] : []) }

  /// The selected boxes in pixels of the upright original, the highest score first.
  ///
  /// - Throws: `ClassifierError`, `notFinite`.
  public func decode(_ outputs: borrowing OutputSlots, _ geometry: InputGeometry) throws(ClassifierError)
    -> [Detection]
  {
    try detections(outputs, geometry, selection, most: .max)
  }

  /// - Parameter most: the candidates with the highest scores among which boxes are selected.
  func detections(
    _ outputs: borrowing OutputSlots, _ geometry: InputGeometry, _ selection: BoxSelection, most: Int
  ) throws(ClassifierError) -> [Detection] {
    let (boxes, scores) = (outputs.floats(0), outputs.floats(1))
    let count = labels.count
    var candidates: [(place: Int, index: Int, score: Float)] = []
    for place in 0..<boxes.count / 4 {
      for index in 0..<count where chosenClasses?.contains(index) ?? true {
        let score = scores[place * count + index]
        guard score.isFinite else {
          throw ClassifierError(.notFinite, output: Self.scores.name)
        }
        if score >= selection.confidence { candidates.append((place, index, score)) }
      }
    }
    if candidates.count > most {
      candidates.sort { ($1.score, $0.place, $0.index) < ($0.score, $1.place, $1.index) }
      candidates.removeLast(candidates.count - most)
    }
    let back = geometry.map.inverse
    let selected = try candidates.map { (candidate) throws(ClassifierError) in
      let sides = boxes[candidate.place * 4..<candidate.place * 4 + 4]
      guard sides.allSatisfy(\.isFinite) else { throw ClassifierError(.notFinite, output: Self.boxes.name) }
      return BoxSelection.Candidate(
        place: candidate.place, index: candidate.index, score: candidate.score,
        box: Self.box(Array(sides), back))
    }
    var detections: [Detection] = []
    for found in selection.select(selected) {
      guard let box = Self.visible(found.box, geometry) else { continue }
      detections.append(
        Detection(
          label: labels[found.index], index: found.index, score: found.score, box: box,
          points: try points(outputs, found.place, back)))
    }
    return detections
  }

  /// The points of a place in the original.
  private func points(_ outputs: borrowing OutputSlots, _ place: Int, _ back: AffineMap)
    throws(ClassifierError) -> [ImagePoint]
  {
    guard pointCount > 0 else { return [] }
    let numbers = outputs.floats(2)
    var points: [ImagePoint] = []
    for index in place * pointCount..<(place + 1) * pointCount {
      let (x, y) = (Double(numbers[index * 2]), Double(numbers[index * 2 + 1]))
      guard x.isFinite, y.isFinite else { throw ClassifierError(.notFinite, output: Self.points.name) }
      let point = back(x: x, y: y)
      points.append(ImagePoint(x: point.x, y: point.y))
    }
    return points
  }

  /// A box of the input in the original. It may lie outside in part, as selection compares whole boxes.
  static func box(_ sides: [Float], _ back: AffineMap) -> Box {
    let (a, b) = (
      back(x: Double(sides[0]), y: Double(sides[1])), back(x: Double(sides[2]), y: Double(sides[3]))
    )
    return Box(x: min(a.x, b.x), y: min(a.y, b.y), width: abs(b.x - a.x), height: abs(b.y - a.y))
  }

  /// The part of a box that lies in the original; nil where there is none.
  static func visible(_ box: Box, _ geometry: InputGeometry) -> Box? {
    let (right, bottom) = (
      min(box.right, Double(geometry.source.width)), min(box.bottom, Double(geometry.source.height))
    )
    let (left, top) = (max(box.x, 0), max(box.y, 0))
    guard left < right, top < bottom else { return nil }
    return Box(x: left, y: top, width: right - left, height: bottom - top)
  }
}
