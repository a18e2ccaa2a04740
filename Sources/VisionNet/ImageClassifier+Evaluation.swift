public import VisionTasks
import VisionInference
import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

extension ImageClassifier {
  /// The result of an evaluation.
  public struct Evaluation: Sendable {
    public let metrics: ClassificationMetrics
    /// The images that were counted, with their labels as positions in the model's list, and their
    /// predictions.
    public let predictions: ClassifiedImages
    /// Images that could not be read; they are not counted.
    public let skipped: [SkippedFile]
    /// Images whose files have irregularities; they are counted.
    public let odd: [OddImage]
  }

  /// Compares the classifier's predictions with the images' labels.
  ///
  /// - Parameters:
  ///   - images: their labels are positions in `classes`.
  ///   - classes: in any order, all of the model's or some of them; the others have neither images nor
  ///     figures.
  ///   - options: how images are read; the preprocessing is the model's.
  ///   - threads: the number of images that are classified at a time, each on one thread.
  ///   - isCancelled: called between images, on the calling thread; true stops the evaluation.
  ///   - report: called after each image with how many are done, by one thread at a time.
  /// - Throws: `ClassifierError`; its code is `classes` when the model does not know a class, `severalLabels`
  ///   when an image has more than one, `notFinite` when the network's outputs for an image are not finite,
  ///   `noImages` when none of the images can be read, and `interrupted` when cancelled.
  public func evaluate(
    _ images: [LabeledImage], classes: [String], options: ImageOptions = ImageOptions(),
    threads: Int? = nil, isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws(ClassifierError) -> Evaluation {
    if let image = images.first(where: { $0.labels.count > 1 }) {
      throw ClassifierError(
        .severalLabels, "has several labels, where one is needed", place: image.path,
        remedy: "give each image one label")
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
    var elements = [Float](repeating: 0, count: images.count * count)
    elements.withUnsafeMutableBufferPointer { buffer in
      // Each call writes the row of its own image.
      nonisolated(unsafe) let all = buffer
      Executor(threads: threads).forEach(count: images.count) { index, _ in
        // Images before one that failed are still classified, so that the first error in the list is thrown.
        guard !cancellation.isCancelled, state.withLock({ index < $0.failure?.index ?? .max }) else { return }
        do throws(ImageError) {
          let image = try image(contentsOf: images[index].path, options: options)
          if let warning = image.warning { odd.withLock { $0[index] = warning } }
          do throws(ClassifierError) {
            let row = try probabilities(image)
            guard row.allSatisfy(\.isFinite) else { throw notFinite }
            for (column, value) in row.enumerated() { all[index * count + column] = value }
          } catch {
            let path = images[index].path
            // An image error skips the image; any other error ends the evaluation.
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
    guard done == images.count else { throw ClassifierError.interrupted }
    let kept = images.indices.filter { failures[$0] == nil }
    guard !kept.isEmpty else {
      throw ClassifierError(
        .noImages, "there is no image that can be read", remedy: "give a folder of class folders")
    }
    let predictions = ClassifiedImages(
      images: kept.map { index in
        let image = images[index]
        return LabeledImage(
          path: image.path, relativePath: image.relativePath, label: positions[image.label])
      }, probabilities: Matrix(rows: images.count, columns: count, elements: elements).selecting(kept))
    let metrics = ClassificationMetrics(
      probabilities: predictions.probabilities, labels: predictions.images.map(\.label), names: labels,
      threshold: threshold)
    let skipped = failures.sorted { $0.key < $1.key }.map { index, error in
      SkippedFile(path: images[index].path, error)
    }
    let warnings = odd.withLock { $0 }.sorted { $0.key < $1.key }.map { index, message in
      OddImage(path: images[index].path, message: message)
    }
    return Evaluation(metrics: metrics, predictions: predictions, skipped: skipped, odd: warnings)
  }

  private var notFinite: ClassifierError {
    let name = model.provenance.map { "the network '\($0.name)'" } ?? "the network"
    return ClassifierError(
      .notFinite, "\(name) gives numbers for the image that are not finite",
      remedy: "check the model's weights, and that the preprocessing is the model's")
  }

  /// The positions of the classes in the model's list.
  private func positions(of classes: [String]) throws(ClassifierError) -> [Int] {
    // Labels are compared as bytes, like names of folders.
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
      if !missing.isEmpty { parts.append("there are no images of \(list(missing))") }
      throw ClassifierError(
        .classes, "the classes are not those of the model: " + parts.joined(separator: "; "),
        remedy: "evaluate on images of the model's \(labels.count) classes, in folders of the same names")
    }
    return classes.map { known[Array($0.utf8)] ?? 0 }
  }
}
