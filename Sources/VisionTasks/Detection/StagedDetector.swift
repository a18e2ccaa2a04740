package import VisionCompute
import VisionData
package import VisionImage
import VisionInference
package import VisionModel
import VisionSystem
import VisionTensor

/// A detector whose shapes follow from data, because it selects boxes by itself: it runs in stages, on each image at its
/// own size.
package struct StagedDetector: Sendable {
  /// What is found; further boxes are dropped by their scores alone.
  package var task: ObjectDetection
  /// What the outputs were recognized by, for people.
  package var note: String { outputs.note }
  private let outputs: SelectedOutputs
  private let sessions: StagedSessions

  /// The classes that are numbered where nobody names them, as the file does not say how many there are.
  private static let numberedClasses = 1000

  /// - Parameters:
  ///   - labels: the names of the classes by the numbers that the network gives, the background's included where it
  ///     counts as one.
  ///   - head: the kind of head; nil to find it out.
  /// - Throws: `RoleError` where the network is no such detector.
  package init(_ program: Program, labels: [String]?, head: DetectorKind? = nil, on executor: Executor) throws
  {
    outputs = try SelectedOutputs(program, head: head)
    sessions = StagedSessions(program, executor)
    task = try ObjectDetection(
      labels: labels ?? (0..<Self.numberedClasses).map { "class \($0)" },
      preprocessing: try Self.preprocessing(width: 1, height: 1), input: outputs.image)
    task.selection.overlap = 1
  }

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
      let (width, height) = (image.wholeWidth, image.wholeHeight)
      let pixels = try Self.preprocessing(width: width, height: height).apply(to: image)
      let input = outputs.hasBatch ? pixels : pixels.reshaped(to: [3, height, width])
      let results = try sessions.run([outputs.image: .tensor(input)])
      return try decode(results, width: width, height: height)
    }
  }

  private func decode(_ results: [String: ProgramValue], width: Int, height: Int) throws -> [Detection] {
    guard case .tensor(let boxes)? = results[outputs.boxes],
      case .tensor(let scores)? = results[outputs.scores],
      case .tensor(let classes)? = results[outputs.classes], boxes.elementType == .float32,
      scores.elementType == .float32, classes.elementType == .int64,
      boxes.elementCount == 4 * scores.elementCount, classes.elementCount == scores.elementCount
    else { throw ClassifierError(.network, "the detector's boxes, scores and classes do not fit each other") }
    let (sides, numbers, indices) = (boxes.floats, scores.floats, classes.integers)
    func inside(_ value: Float, _ side: Int) -> Double { max(0, min(Double(value), Double(side))) }
    var candidates: [BoxSelection.Candidate] = []
    for place in numbers.indices {
      let corners = Array(sides[4 * place..<4 * place + 4])
      guard numbers[place].isFinite, corners.allSatisfy(\.isFinite) else {
        throw ClassifierError(.notFinite, output: outputs.scores)
      }
      guard numbers[place] >= task.selection.confidence, indices[place] >= 0,
        task.chosenClasses?.contains(indices[place]) ?? true
      else { continue }
      let (x, y) = (inside(corners[0], width), inside(corners[1], height))
      let box = Box(x: x, y: y, width: inside(corners[2], width) - x, height: inside(corners[3], height) - y)
      candidates.append(
        BoxSelection.Candidate(place: place, index: indices[place], score: numbers[place], box: box))
    }
    return task.selection.select(candidates).map {
      let label = task.labels.indices.contains($0.index) ? task.labels[$0.index] : "class \($0.index)"
      return Detection(label: label, index: $0.index, score: $0.score, box: $0.box)
    }
  }
}
