package import VisionCompute
import VisionData
import VisionGraph
package import VisionImage
import VisionInference
package import VisionModel
import VisionSystem
import VisionTensor

/// A detector whose shapes follow from data, because it selects boxes by itself: it runs in stages, on one image at a
/// time.
package struct StagedDetector: Sendable {
  /// What is found.
  package var task: ObjectDetection
  /// What the outputs were recognized by, for people.
  package let note: String
  private let form: Form
  private let sessions: StagedSessions

  private enum Form {
    /// As many boxes as there are, of an image at its own size.
    case selected(SelectedOutputs)
    /// A fixed number of places, decoded by a graph.
    case placed(StagedHead, SessionPool)
  }

  /// The classes that are numbered where nobody names them, as the file does not say how many there are.
  private static let numberedClasses = 1000

  /// - Parameters:
  ///   - labels: the names of the classes by the numbers that the network gives, the background's included where it
  ///     counts as one; nil for those of the file.
  ///   - head: the kind of head; nil to find it out.
  /// - Throws: `RoleError` where the network is no such detector.
  package init(_ program: Program, labels: [String]?, head: DetectorKind? = nil, on executor: Executor) throws
  {
    sessions = StagedSessions(program, executor)
    if let placed = try StagedHead(program, labels: labels, head: head) {
      form = .placed(placed, SessionPool(placed.graph, Parameters(), on: executor))
      note = placed.note
      task = try ObjectDetection(
        labels: placed.labels, preprocessing: placed.preprocessing, input: placed.image)
      if let confidence = placed.confidence { task.selection.confidence = Float(confidence) }
      if let overlap = placed.overlap { task.selection.overlap = overlap }
      return
    }
    let outputs = try SelectedOutputs(program, head: head)
    (form, note) = (.selected(outputs), outputs.note)
    task = try ObjectDetection(
      labels: labels ?? (0..<Self.numberedClasses).map { "class \($0)" },
      preprocessing: try Self.preprocessing(width: 1, height: 1), input: outputs.image)
    task.selection.overlap = 1
  }

  /// RGB in 0...1 at the image's own size.
  private static func preprocessing(width: Int, height: Int) throws(ImageError) -> Preprocessing {
    try Preprocessing(
      width: width, height: height, fit: .squash, scale: [Double](repeating: 1.0 / 255, count: 3))
  }

  /// The objects in each image.
  ///
  /// - Throws: `ImageError` for an image whose sides exceed those of inputs, `GraphError` when the network fails,
  ///   `ClassifierError` for numbers that are not finite or do not fit each other.
  package func predict(_ images: [Image]) throws -> [[Detection]] {
    try images.map { image in
      switch form {
      case .selected(let outputs): try selected(image, outputs)
      case .placed(let head, let decoder): try placed(image, head, decoder)
      }
    }
  }

  private func selected(_ image: Image, _ outputs: SelectedOutputs) throws -> [Detection] {
    let (width, height) = (image.wholeWidth, image.wholeHeight)
    let steps = try Self.preprocessing(width: width, height: height)
    let pixels = try steps.apply(to: image)
    let input = outputs.hasBatch ? pixels : pixels.reshaped(to: [3, height, width])
    let results = try sessions.run([outputs.image: .tensor(input)])
    guard case .tensor(let boxes)? = results[outputs.boxes],
      case .tensor(let scores)? = results[outputs.scores],
      case .tensor(let classes)? = results[outputs.classes], boxes.elementType == .float32,
      scores.elementType == .float32, classes.elementType == .int64,
      boxes.elementCount == 4 * scores.elementCount, classes.elementCount == scores.elementCount
    else { throw ClassifierError(.network, "the detector's boxes, scores and classes do not fit each other") }
    let places = zip(scores.floats, classes.integers).enumerated().map {
      (place: $0.offset, index: $0.element.1, score: $0.element.0)
    }
    return try detections(places, boxes.floats, steps.geometry(width: width, height: height))
  }

  private func placed(_ image: Image, _ head: StagedHead, _ decoder: SessionPool) throws -> [Detection] {
    let pixels = try head.preprocessing.apply(to: image)
    var outputs: [String: Tensor] = [:]
    for (name, value) in try sessions.run([head.image: .tensor(pixels)]) {
      if case .tensor(let tensor) = value { outputs[name] = tensor }
    }
    let results = try decoder.withSession(batch: 1) { try $0.run(outputs) }
    guard let boxes = results["boxes"]?.floats, let scores = results["scores"]?.floats else { return [] }
    let count = task.labels.count
    let places = scores.enumerated().map { (place: $0 / count, index: $0 % count, score: $1) }
    return try detections(
      places, boxes, head.preprocessing.geometry(width: image.wholeWidth, height: image.wholeHeight))
  }

  /// The selected ones of places with their classes and scores.
  private func detections(
    _ places: [(place: Int, index: Int, score: Float)], _ boxes: [Float], _ geometry: InputGeometry
  ) throws(ClassifierError) -> [Detection] {
    let back = geometry.map.inverse
    var candidates: [BoxSelection.Candidate] = []
    for (place, index, score) in places {
      guard score.isFinite else { throw ClassifierError(.notFinite, output: ObjectDetection.scores.name) }
      guard score >= task.selection.confidence, index >= 0, task.chosenClasses?.contains(index) ?? true else {
        continue
      }
      let corners = Array(boxes[4 * place..<4 * place + 4])
      guard corners.allSatisfy(\.isFinite) else {
        throw ClassifierError(.notFinite, output: ObjectDetection.boxes.name)
      }
      candidates.append(
        BoxSelection.Candidate(
          place: place, index: index, score: score, box: ObjectDetection.box(corners, back, geometry)))
    }
    return task.selection.select(candidates).map {
      let label = task.labels.indices.contains($0.index) ? task.labels[$0.index] : "class \($0.index)"
      return Detection(label: label, index: $0.index, score: $0.score, box: $0.box)
    }
  }
}
