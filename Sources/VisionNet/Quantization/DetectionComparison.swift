import VisionCompute
import VisionData
import VisionInference
import VisionModel
import VisionSystem
import VisionTasks

/// What a detector finds before and after it is quantized.
struct DetectionComparison {
  let before: Model
  let after: Model
  let threads: Int?

  /// Boxes of one class that overlap as much, by intersection over union, are the same object.
  private static let overlap = 0.5

  /// The part of the objects that both find, at the confidence of the model: twice the pairs of the same object, divided by
  /// the number of all objects that either finds; 1 where neither finds any.
  func agreement(on paths: [String]) throws(ClassifierError) -> Double {
    let (before, after) = (
      try ObjectDetector(before, threads: 1), try ObjectDetector(after, threads: 1)
    )
    let results = Locked(
      [Result<(pairs: Int, all: Int), ClassifierError>?](repeating: nil, count: paths.count))
    Executor(threads: threads).forEach(count: paths.count) { index, _ in
      let result = Result { () throws(ClassifierError) -> (pairs: Int, all: Int) in
        let found = try before.detect(contentsOf: paths[index])
        let again = try after.detect(contentsOf: paths[index])
        return (Self.pairs(found, again), found.count + again.count)
      }
      results.withLock { $0[index] = result }
    }
    var (pairs, all) = (0, 0)
    for result in results.withLock({ $0 }) {
      guard let one = try result?.get() else { continue }
      pairs += one.pairs
      all += one.all
    }
    return all == 0 ? 1 : Double(2 * pairs) / Double(all)
  }

  /// How many of the detections, the highest score first, are the same object as one of the others that is still free.
  static func pairs(_ some: [Detection], _ others: [Detection]) -> Int {
    var free = others
    return some.count { one in
      let same = free.indices
        .filter { free[$0].index == one.index }
        .map { (place: $0, overlap: BoxSelection.overlap(one.box, free[$0].box)) }
        .max { $0.overlap < $1.overlap }
      guard let same, same.overlap >= Self.overlap else { return false }
      free.remove(at: same.place)
      return true
    }
  }

  /// COCO's mean average precision before and after; nil where the model does not know the classes of the annotations.
  func precision(on images: [AnnotatedImage], classes: [String]) throws(ClassifierError) -> (
    before: Double, after: Double
  )? {
    func precision(_ model: Model) throws(ClassifierError) -> Double {
      var selection = try ObjectDetector(model, threads: 1).selection
      selection.confidence = ObjectDetector.evaluationConfidence
      let found = try ObjectDetector(model, selection: selection, threads: threads)
        .evaluate(images, classes: classes, threads: threads)
      return found.samples.metrics().numbers[.averagePrecision] ?? 0
    }
    do { return (try precision(before), try precision(after)) } catch {
      guard error.kind == .classes else { throw error }
      return nil
    }
  }
}
