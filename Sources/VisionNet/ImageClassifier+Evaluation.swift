import VisionInference
import VisionCompute
import VisionImage
import VisionSystem
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
    /// Pictures whose files are not quite as they should be; they are counted.
    public let odd: [OddPicture]
  }

  /// Compares the classifier's answers with what the pictures show.
  ///
  /// - Parameters:
  ///   - pictures: their labels are positions in `classes`.
  ///   - classes: in any order, all of the model's or some of them; the others have no pictures, and no figures.
  ///   - options: how they are read; the preprocessing is the model's.
  ///   - threads: pictures that are classified at a time; each then takes one thread.
  ///   - isCancelled: asked between pictures, on the calling thread; true ends it.
  ///   - report: called after each picture with how many are done, by one thread at a time.
  /// - Throws: `ClassifierError`; its code is `classes` when the model does not know a class, `severalLabels` when a picture has more
  ///   than one, `notFinite` when the network gives what is no number for a picture, `noPictures` when none of the
  ///   pictures can be read, and `interrupted` when cancelled.
  public func evaluate(
    _ pictures: [LabelledPicture], classes: [String], options: ImageOptions = ImageOptions(),
    threads: Int? = nil, isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws(ClassifierError) -> Evaluation {
    if let picture = pictures.first(where: { $0.labels.count > 1 }) {
      throw ClassifierError(
        .severalLabels, "has several labels, where one is needed", place: picture.path,
        remedy: "give each picture one label")
    }
    if let weight = model.graph.nonFiniteWeight(model.parameters) {
      throw ClassifierError(
        .notFinite, "the weights '\(weight.name)' of the network hold \(weight.value)",
        place: model.provenance?.name, remedy: "use a model whose weights are finite")
    }
    let positions = try positions(of: classes)
    let state = Locked(
      (done: 0, failures: [Int: ImageError](), failure: (index: Int, error: ClassifierError)?.none))
    let odd = Locked([Int: String]())
    let count = labels.count
    let cancellation = CancellationCheck(isCancelled)
    var elements = [Float](repeating: 0, count: pictures.count * count)
    elements.withUnsafeMutableBufferPointer { buffer in
      // Each call writes the row of its own picture.
      nonisolated(unsafe) let all = buffer
      Executor(threads: threads).forEach(count: pictures.count) { index, _ in
        // Those before a picture that failed are still looked at: the first of several is told.
        guard !cancellation.isCancelled, state.withLock({ index < $0.failure?.index ?? .max }) else { return }
        do throws(ImageError) {
          let image = try image(contentsOf: pictures[index].path, options: options)
          if let warning = image.warning { odd.withLock { $0[index] = warning } }
          do throws(ClassifierError) {
            let row = try probabilities(image)
            guard row.allSatisfy(\.isFinite) else { throw notFinite }
            for (column, value) in row.enumerated() { all[index * count + column] = value }
          } catch {
            let path = pictures[index].path
            // Errors of a picture are its own; all others are the model's.
            if var error = error.cause as? ImageError {
              error.place = path
              throw error
            }
            var told = error
            told.place =
              error.kind == .notFinite
              ? [path, error.place].compactMap { $0 }.joined(separator: ", ") : error.place ?? path
            state.withLock { if index < $0.failure?.index ?? .max { $0.failure = (index, told) } }
          }
        } catch { state.withLock { $0.failures[index] = error } }
        state.withLock { state in
          state.done += 1
          report(state.done)
        }
      }
    }
    let (done, failures, failure) = state.withLock { $0 }
    if let failure { throw failure.error }
    guard done == pictures.count else { throw ClassifierError.interrupted }
    let kept = pictures.indices.filter { failures[$0] == nil }
    guard !kept.isEmpty else {
      throw ClassifierError(
        .noPictures, "there is no picture that can be read", remedy: "give a folder of class folders")
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
    let warnings = odd.withLock { $0 }.sorted { $0.key < $1.key }.map { index, message in
      OddPicture(path: pictures[index].path, message: message)
    }
    return Evaluation(metrics: metrics, predictions: predictions, skipped: skipped, odd: warnings)
  }

  private var notFinite: ClassifierError {
    let name = model.provenance.map { "the network '\($0.name)'" } ?? "the network"
    return ClassifierError(
      .notFinite, "\(name) gives numbers for the picture that are not finite",
      remedy: "check the model's weights, and that the preprocessing is the model's")
  }

  /// Where the classes stand in the model's list.
  private func positions(of classes: [String]) throws(ClassifierError) -> [Int] {
    // Bytes tell labels apart, as names of folders do.
    var known: [[UInt8]: Int] = [:]
    for (index, label) in labels.enumerated() { known[Array(label.utf8)] = index }
    let given = Set(classes.map { Array($0.utf8) })
    let new = classes.filter { known[Array($0.utf8)] == nil }
    let missing = labels.filter { !given.contains(Array($0.utf8)) }
    guard new.isEmpty else {
      func list(_ names: [String]) -> String {
        names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
          + (names.count > 5 ? ", … (\(names.count))" : "")
      }
      var parts = ["the model does not know \(list(new))"]
      if !missing.isEmpty { parts.append("there are no pictures of \(list(missing))") }
      throw ClassifierError(
        .classes, "the classes are not those of the model: " + parts.joined(separator: "; "),
        remedy: "evaluate on pictures of the model's \(labels.count) classes, in folders of the same names")
    }
    return classes.map { known[Array($0.utf8)] ?? 0 }
  }
}
