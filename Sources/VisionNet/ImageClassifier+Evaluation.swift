import VisionCompute
import VisionImage
import VisionTensor
import VisionTraining

extension ImageClassifier {
  /// What an evaluation came to.
  public struct Evaluation: Sendable {
    public let metrics: ClassificationMetrics
    /// The pictures that were counted, their labels as positions in the model's list, and what it says of them.
    public let predictions: ClassifiedPictures
    /// Pictures that could not be read, and so are not counted.
    public let skipped: [SkippedFile]
  }

  /// Compares the classifier's answers with what the pictures show.
  ///
  /// - Parameters:
  ///   - pictures: their labels are positions in `classes`.
  ///   - classes: in any order, but exactly the model's.
  ///   - threads: pictures that are classified at a time; each then takes one thread.
  ///   - isCancelled: asked between pictures, on the calling thread; true ends it.
  ///   - report: called after each picture with how many are done, by one thread at a time.
  /// - Throws: `ClassifierError`; its code is `classes` when a class is missing or new, `severalLabels` when a picture has more
  ///   than one, `noPictures` when none of the pictures can be read, and `interrupted` when cancelled.
  public func evaluate(
    _ pictures: [LabelledPicture], classes: [String], threads: Int? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws(ClassifierError) -> Evaluation {
    if let picture = pictures.first(where: { $0.labels.count > 1 }) {
      throw ClassifierError(
        "severalLabels", "has several labels, where one is needed", place: picture.path,
        remedy: "give each picture one label")
    }
    let positions = try positions(of: classes)
    let state = Locked((done: 0, failures: [Int: ImageError](), failure: ClassifierError?.none))
    let count = labels.count
    let cancellation = CancellationCheck(isCancelled)
    var elements = [Float](repeating: 0, count: pictures.count * count)
    elements.withUnsafeMutableBufferPointer { buffer in
      // Each call writes the row of its own picture.
      nonisolated(unsafe) let all = buffer
      Executor(threads: threads).forEach(count: pictures.count) { index, _ in
        guard !cancellation.isCancelled, state.withLock({ $0.failure == nil }) else { return }
        do throws(ImageError) {
          let image = try image(contentsOf: pictures[index].path)
          do throws(ClassifierError) {
            let row = try probabilities(image)
            for (column, value) in row.enumerated() { all[index * count + column] = value }
          } catch {
            // Errors of a picture keep their code; all others are the model's.
            if let kind = ImageError.Kind(rawValue: error.code) {
              throw ImageError(kind, error.message, place: pictures[index].path, remedy: error.remedy)
            }
            state.withLock { $0.failure = $0.failure ?? error }
          }
        } catch { state.withLock { $0.failures[index] = error } }
        state.withLock { state in
          state.done += 1
          report(state.done)
        }
      }
    }
    let (done, failures, failure) = state.withLock { $0 }
    if let failure { throw failure }
    guard done == pictures.count else { throw ClassifierError.interrupted }
    let kept = pictures.indices.filter { failures[$0] == nil }
    guard !kept.isEmpty else {
      throw ClassifierError(
        "noPictures", "there is no picture that can be read", remedy: "give a folder of class folders")
    }
    let predictions = ClassifiedPictures(
      pictures: kept.map { index in
        let picture = pictures[index]
        return LabelledPicture(
          path: picture.path, relativePath: picture.relativePath, label: positions[picture.label])
      }, probabilities: Matrix(rows: pictures.count, columns: count, elements: elements).selecting(kept))
    let metrics = ClassificationMetrics(
      probabilities: predictions.probabilities, labels: predictions.pictures.map(\.label), names: labels,
      threshold: threshold)
    let skipped = failures.sorted { $0.key < $1.key }.map { index, error in
      SkippedFile(path: pictures[index].path, error)
    }
    return Evaluation(metrics: metrics, predictions: predictions, skipped: skipped)
  }

  /// Where the classes stand in the model's list.
  private func positions(of classes: [String]) throws(ClassifierError) -> [Int] {
    // Bytes tell labels apart, as names of folders do.
    var known: [[UInt8]: Int] = [:]
    for (index, label) in labels.enumerated() { known[Array(label.utf8)] = index }
    let given = Set(classes.map { Array($0.utf8) })
    let new = classes.filter { known[Array($0.utf8)] == nil }
    let missing = labels.filter { !given.contains(Array($0.utf8)) }
    guard new.isEmpty, missing.isEmpty else {
      func list(_ names: [String]) -> String {
        names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
          + (names.count > 5 ? ", … (\(names.count))" : "")
      }
      var parts: [String] = []
      if !new.isEmpty { parts.append("the model does not know \(list(new))") }
      if !missing.isEmpty { parts.append("there are no pictures of \(list(missing))") }
      throw ClassifierError(
        "classes", "the classes are not those of the model: " + parts.joined(separator: "; "),
        remedy: "evaluate on pictures of the model's \(labels.count) classes, in folders of the same names")
    }
    return classes.map { known[Array($0.utf8)] ?? 0 }
  }
}
