import VisionCompute
public import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

extension ImageClassifier {
  /// The most likely classes of the image in a file, most likely first.
  ///
  /// - Parameter top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled.
  public func classify(contentsOf path: String, top: Int = 5) async throws(ClassifierError) -> [Prediction] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.classify(contentsOf: path, top: top)
    }
  }

  /// The most likely classes of the image that the bytes of a file hold, most likely first.
  ///
  /// - Parameters:
  ///   - bytes: a file of any format that `Image` reads, such as what an upload holds.
  ///   - top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled.
  public func classify(encoded bytes: [UInt8], top: Int = 5) async throws(ClassifierError) -> [Prediction] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.classify(encoded: bytes, top: top) }
  }

  /// The most likely classes of an image, most likely first.
  ///
  /// - Parameter top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled.
  public func classify(_ image: Image, top: Int = 5) async throws(ClassifierError) -> [Prediction] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.classify(image, top: top) }
  }

  /// The most likely classes of each image.
  ///
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is
  ///   cancelled. The call then ends after the current run of the network, which has at most `largestBatch`
  ///   images.
  public func classify(_ images: [Image], top: Int = 5) async throws(ClassifierError) -> [[Prediction]] {
    try await inParts(images) { (part) throws(ClassifierError) in try self.classify(part, top: top) }
  }

  /// The network's K outputs before softmax; where the file has only probabilities, their logarithms.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func logits(_ image: Image) async throws(ClassifierError) -> [Float] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.logits(image) }
  }

  /// K probabilities that sum to 1.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func probabilities(_ image: Image) async throws(ClassifierError) -> [Float] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.probabilities(image) }
  }

  /// The embedding of the image: E numbers. Similar images have embeddings with a small angle between them.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value; `interrupted` when the task is
  ///   cancelled.
  public func embedding(_ image: Image) async throws(ClassifierError) -> [Float] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.embedding(image) }
  }

  /// The logits of each image; see `classify(_:top:)` for cancellation.
  public func logits(_ images: [Image]) async throws(ClassifierError) -> [[Float]] {
    try await inParts(images) { (part) throws(ClassifierError) in try self.logits(part) }
  }

  /// The probabilities of each image; see `classify(_:top:)` for cancellation.
  public func probabilities(_ images: [Image]) async throws(ClassifierError) -> [[Float]] {
    try await inParts(images) { (part) throws(ClassifierError) in try self.probabilities(part) }
  }

  /// The embedding of each image; see `classify(_:top:)` for cancellation.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value; `interrupted` when the task is
  ///   cancelled.
  public func embeddings(_ images: [Image]) async throws(ClassifierError) -> [[Float]] {
    try await inParts(images) { (part) throws(ClassifierError) in try self.embeddings(part) }
  }

  /// Compares the classifier's predictions with the images' labels.
  ///
  /// - Parameters:
  ///   - images: their labels are positions in `classes`.
  ///   - classes: in any order, but exactly the model's.
  ///   - threads: the number of images that are classified at a time, each on one thread.
  ///   - report: called after each image with how many are done, by one thread at a time.
  /// - Throws: `ClassifierError`: `classes` when a class is missing or new, `severalLabels` when an image has more than one,
  ///   `noImages` when none of the images can be read, and `interrupted`, within an image, when the task is cancelled.
  public func evaluate(
    _ images: [LabeledImage], classes: [String], threads: Int? = nil,
    report: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) async throws(ClassifierError) -> Evaluation {
    try await OwnThread.run { (flag) throws(ClassifierError) in
      try self.evaluate(
        images, classes: classes, threads: threads, isCancelled: { flag.isSet }, report: report)
    }
  }

  /// Runs a call on parts of the images, and stops between parts when cancelled.
  private func inParts<Answer: Sendable>(
    _ images: [Image], _ body: @escaping @Sendable ([Image]) throws(ClassifierError) -> [Answer]
  ) async throws(ClassifierError) -> [Answer] {
    try await AwaitedCalls.run { (flag) throws(ClassifierError) in
      var results: [Answer] = []
      for start in stride(from: 0, to: images.count, by: Self.largestBatch) {
        guard !flag.isSet else { throw .interrupted }
        results += try body(Array(images[start..<min(start + Self.largestBatch, images.count)]))
      }
      return results
    }
  }
}

extension ClassifierError {
  /// The error when the awaiting task is cancelled, or the caller stops the work.
  static var interrupted: ClassifierError { ClassifierError(.interrupted, "interrupted before it was done") }
}
