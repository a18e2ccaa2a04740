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
      preprocessing: try Self.preprocessing(outputs, width: 1, height: 1), input: outputs.image)
    task.selection.overlap = 1
  }

  /// RGB at the sides of the input.
  private static func preprocessing(_ outputs: SelectedOutputs, width: Int, height: Int) throws(ImageError)
    -> Preprocessing
  {
    let sides = outputs.sides ?? (width, height)
    return try Preprocessing(
      width: sides.width, height: sides.height, fit: .squash, filter: .bilinearCenter,
      scale: [Double](repeating: outputs.scale, count: 3))
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
    let steps = try Self.preprocessing(outputs, width: image.wholeWidth, height: image.wholeHeight)
    let results = try sessions.run([outputs.image: .tensor(Self.input(image, steps, outputs))])
    func tensor(_ name: String) throws -> Tensor {
      guard case .tensor(let tensor)? = results[name] else {
        throw ClassifierError(.network, "the detector gives no tensor '\(name)'")
      }
      return tensor
    }
    let (boxes, scores, classes) = (
      try tensor(outputs.boxes), try tensor(outputs.scores).floats, try tensor(outputs.classes).integers
    )
    guard boxes.elementCount == 4 * scores.count, classes.count == scores.count else {
      throw ClassifierError(.network, "the detector's boxes, scores and classes do not fit each other")
    }
    // Numbers that no class has are left out, whatever the network says.
    let numbers = classes.map { (0...Int(Int32.max)).contains($0) ? $0 - outputs.firstClass : -1 }
    let places = scores.indices.map { (place: $0, index: numbers[$0], score: scores[$0]) }
    var corners = boxes.floats
    if outputs.kind == .tensorflow {
      for place in scores.indices {
        let parts = corners[4 * place..<4 * place + 4].map { $0 }
        for (side, part) in [1, 0, 3, 2].enumerated() {
          corners[4 * place + side] = parts[part] * Float(side % 2 == 0 ? steps.width : steps.height)
        }
      }
    }
    return try detections(
      places, corners, steps.geometry(width: image.wholeWidth, height: image.wholeHeight))
  }

  /// The network's input for an image.
  private static func input(_ image: Image, _ steps: Preprocessing, _ outputs: SelectedOutputs)
    throws(ImageError)
    -> Tensor
  {
    var failure: ImageError?
    let sides =
      outputs.layout == .nchw ? [3, steps.height, steps.width] : [steps.height, steps.width, 3]
    let shape = Shape((outputs.hasBatch ? [1] : []) + sides)
    let tensor = Tensor(elementType: .float32, shape: shape) { bytes in
      do throws(ImageError) {
        try steps.write(
          image, into: bytes.bindMemory(to: Float.self), layout: outputs.layout,
          scratch: PreprocessingScratch())
      } catch { failure = error }
    }
    if let failure { throw failure }
    return tensor.converted(to: outputs.type)
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
