package import VisionCompute
import VisionData
import VisionGraph
package import VisionImage
import VisionInference
package import VisionModel
import VisionSystem
package import VisionTensor

/// A detector whose shapes follow from data, because it selects boxes by itself: it runs in stages, on one image at a
/// time.
package struct StagedDetector: Sendable {
  /// What is found.
  package var task: ObjectDetection
  /// What the outputs were recognized by, for people.
  package let note: String
  private var form: Form
  private var sessions: StagedSessions

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

  /// The same detector on other threads, with memory of its own.
  func running(on executor: Executor) -> StagedDetector {
    var other = self
    other.sessions = StagedSessions(sessions.program, executor)
    if case .placed(let head, _) = form {
      other.form = .placed(head, SessionPool(head.graph, Parameters(), on: executor))
    }
    return other
  }

  /// The sides of the input; nil where it follows each image.
  var inputSize: ImageSize? {
    switch form {
    case .selected(let outputs):
      outputs.sides.map { ImageSize(width: $0.width, height: $0.height) }
    case .placed(let head, _):
      ImageSize(width: head.preprocessing.width, height: head.preprocessing.height)
    }
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
    let found = try selected(
      Self.input(image, steps, outputs), outputs, width: steps.width, height: steps.height)
    let places = found.scores.indices.map {
      (place: $0, index: found.classes[$0], score: found.scores[$0])
    }
    return try detections(
      places, found.corners, steps.geometry(width: image.wholeWidth, height: image.wholeHeight))
  }

  /// What the network gives for an input: left, top, right and bottom of n boxes in pixels of the input, their scores, and
  /// their classes from 0; −1 for a number that no class has.
  private func selected(_ input: Tensor, _ outputs: SelectedOutputs, width: Int, height: Int) throws -> (
    corners: [Float], scores: [Float], classes: [Int]
  ) {
    let results = try sessions.run([outputs.image: .tensor(input)])
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
    let numbers = classes.map { (0...Int(Int32.max)).contains($0) ? $0 - outputs.firstClass : -1 }
    var corners = boxes.floats
    if outputs.kind == .tensorflow {
      for place in scores.indices {
        let parts = corners[4 * place..<4 * place + 4].map { $0 }
        for (side, part) in [1, 0, 3, 2].enumerated() {
          corners[4 * place + side] = parts[part] * Float(side % 2 == 0 ? width : height)
        }
      }
    }
    return (corners, scores, numbers)
  }

  /// The inputs of the network by name, with the shapes that are known.
  package var inputs: [ProgramPort] { sessions.program.inputs }

  /// What the outputs mean for an input of the network.
  ///
  /// - Returns: `boxes` 1×A×4 and `scores` 1×A×K before any selection; of a network that gives what it has selected, `boxes`
  ///   n×4, `scores` n and `classes` n (from 0; −1 for a number that no class has). Boxes are left, top, right and bottom in
  ///   pixels of the input.
  package func decoded(_ input: Tensor) throws -> [String: Tensor] {
    switch form {
    case .selected(let outputs):
      let axes = input.shape.dimensions.suffix(3).map { $0 }
      guard axes.count == 3 else {
        throw ClassifierError(.network, "an image of the shape \(input.shape) is none of the network's")
      }
      let isNCHW = outputs.layout == .nchw
      let found = try selected(
        input, outputs, width: axes[isNCHW ? 2 : 1], height: axes[isNCHW ? 1 : 0])
      let count = found.scores.count
      return [
        "boxes": Tensor(found.corners, shape: [count, 4]), "scores": Tensor(found.scores, shape: [count]),
        "classes": Tensor(found.classes.map { Int64($0) }, shape: [count]),
      ]
    case .placed(let head, let decoder): return try decoded(input, head, decoder)
    }
  }

  private func decoded(_ input: Tensor, _ head: StagedHead, _ decoder: SessionPool) throws -> [String: Tensor]
  {
    var outputs: [String: Tensor] = [:]
    for (name, value) in try sessions.run([head.image: .tensor(input)]) {
      if case .tensor(let tensor) = value { outputs[name] = tensor }
    }
    return try decoder.withSession(batch: 1) { try $0.run(outputs) }
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
    let results = try decoded(head.preprocessing.apply(to: image), head, decoder)
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
          place: place, index: index, score: score, box: ObjectDetection.box(corners, back)))
    }
    return task.selection.select(candidates).compactMap {
      guard let box = ObjectDetection.visible($0.box, geometry) else { return nil }
      let label = task.labels.indices.contains($0.index) ? task.labels[$0.index] : "class \($0.index)"
      return Detection(label: label, index: $0.index, score: $0.score, box: box)
    }
  }
}
