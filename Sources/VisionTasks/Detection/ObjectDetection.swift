import VisionData
import VisionGraph
public import VisionImage
public import VisionInference
public import VisionModel
import VisionSystem
public import VisionTensor

/// The task of finding objects in an image: where they are, and of which class.
///
/// A network for it has the outputs `boxes` N×A×4 (left, top, right, bottom in pixels of the input) and `scores`
/// N×A×K (0...1) for A places, before any selection; detectors of faces or persons may have `points` N×A×P×2 (x and y
/// in pixels of the input), too.
public struct ObjectDetection: ModelTask {
  public static let name = "detection"
  public static let columns = ["label", "index", "score", "x", "y", "width", "height"]
  public static let summaryColumns: [String] = []

  public let input: ImageInputWriter
  /// The names of the classes, in the order of the network's scores.
  public let labels: [String]
  /// Which boxes count as results.
  public var selection: BoxSelection
  /// The classes that count; nil for all.
  public var classes: Set<Int>?

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
    let (places, numbers) = (model.graph.fact(boxes).shape, model.graph.fact(scores).shape)
    guard places.rank == 3, numbers.rank == 3, places[2] == 4, places[1] == numbers[1] else {
      throw ClassifierError(.network, "boxes \(places) and scores \(numbers) do not fit each other")
    }
    guard model.labels.isEmpty || model.labels.count == numbers[2] else {
      throw ClassifierError(
        .labels, "there are \(model.labels.count) labels for \(numbers[2]) classes",
        remedy: "give one label a class, in the order of the scores")
    }
    if let points = signature.value(of: Self.points).flatMap(named) {
      let shape = model.graph.fact(points).shape
      guard shape.rank == 4, shape[1] == places[1], shape[3] == 2 else {
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

  /// The same for a model that differs by the size of its input alone.
  func resized(to model: Model) throws -> ObjectDetection {
    var task = try ObjectDetection(model)
    (task.selection, task.classes) = (selection, classes)
    return task
  }

  public var outputs: [OutputRole] { [Self.boxes, Self.scores] + (pointCount > 0 ? [Self.points] : []) }

  /// The selected boxes in pixels of the upright original, the highest score first.
  ///
  /// - Throws: `ClassifierError`, `notFinite`.
  public func decode(_ outputs: borrowing OutputSlots, _ geometry: InputGeometry) throws(ClassifierError)
    -> [Detection]
  {
    let (boxes, scores) = (outputs.floats(0), outputs.floats(1))
    let count = labels.count
    var candidates: [BoxSelection.Candidate] = []
    let back = geometry.map.inverse
    for place in 0..<boxes.count / 4 {
      for index in 0..<count where classes?.contains(index) ?? true {
        let score = scores[place * count + index]
        guard score.isFinite else {
          throw ClassifierError(.notFinite, output: Self.scores.name)
        }
        guard score >= selection.confidence else { continue }
        let sides = boxes[place * 4..<place * 4 + 4]
        guard sides.allSatisfy(\.isFinite) else { throw ClassifierError(.notFinite, output: Self.boxes.name) }
        candidates.append(
          BoxSelection.Candidate(
            place: place, index: index, score: score, box: Self.box(Array(sides), back, geometry)))
      }
    }
    var detections: [Detection] = []
    for found in selection.select(candidates) {
      detections.append(
        Detection(
          label: labels[found.index], index: found.index, score: found.score, box: found.box,
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

  /// A box of the input in the original, clipped to it.
  private static func box(_ sides: [Float], _ back: AffineMap, _ geometry: InputGeometry) -> Box {
    let (a, b) = (
      back(x: Double(sides[0]), y: Double(sides[1])), back(x: Double(sides[2]), y: Double(sides[3]))
    )
    func inside(_ value: Double, _ side: Int) -> Double { max(0, min(value, Double(side))) }
    let (left, right) = (
      inside(min(a.x, b.x), geometry.source.width), inside(max(a.x, b.x), geometry.source.width)
    )
    let (top, bottom) = (
      inside(min(a.y, b.y), geometry.source.height), inside(max(a.y, b.y), geometry.source.height)
    )
    return Box(x: left, y: top, width: right - left, height: bottom - top)
  }
}
