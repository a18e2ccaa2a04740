import VisionCompute
public import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

// What a task awaits runs on threads of VisionNet's own: those that tasks run on are few, and computing on them would keep
// other tasks waiting.
extension ImageClassifier {
  /// The most likely classes of the image in a file, most likely first.
  ///
  /// - Parameter top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled.
  public func classify(contentsOf path: String, top: Int = 5) async throws(ClassifierError) -> [Prediction] {
    try await awaiting { (_) throws(ClassifierError) in try self.classify(contentsOf: path, top: top) }
  }

  /// The most likely classes of the image that the bytes of a file hold, most likely first.
  ///
  /// - Parameters:
  ///   - bytes: a file of any format that `Image` reads, such as what an upload holds.
  ///   - top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled.
  public func classify(encoded bytes: [UInt8], top: Int = 5) async throws(ClassifierError) -> [Prediction] {
    try await awaiting { (_) throws(ClassifierError) in try self.classify(encoded: bytes, top: top) }
  }

  /// The most likely classes of an image, most likely first.
  ///
  /// - Parameter top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled.
  public func classify(_ image: Image, top: Int = 5) async throws(ClassifierError) -> [Prediction] {
    try await awaiting { (_) throws(ClassifierError) in try self.classify(image, top: top) }
  }

  /// The most likely classes of each image.
  ///
  /// - Throws: `ClassifierError`, with the code of the stage that failed; `interrupted` when the task is cancelled, which ends it
  ///   after the run of the network that it is in, of at most `largestBatch` images.
  public func classify(_ images: [Image], top: Int = 5) async throws(ClassifierError) -> [[Prediction]] {
    try await inParts(images) { (part) throws(ClassifierError) in try self.classify(part, top: top) }
  }

  /// What the network gives before softmax: K numbers. Where the file holds probabilities only, their logarithms.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func logits(_ image: Image) async throws(ClassifierError) -> [Float] {
    try await awaiting { (_) throws(ClassifierError) in try self.logits(image) }
  }

  /// K probabilities that sum to 1.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func probabilities(_ image: Image) async throws(ClassifierError) -> [Float] {
    try await awaiting { (_) throws(ClassifierError) in try self.probabilities(image) }
  }

  /// E numbers that describe the image; images that look alike have embeddings with a small angle between them.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value; `interrupted` when the task is
  ///   cancelled.
  public func embedding(_ image: Image) async throws(ClassifierError) -> [Float] {
    try await awaiting { (_) throws(ClassifierError) in try self.embedding(image) }
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

  /// Compares the classifier's answers with what the images show.
  ///
  /// - Parameters:
  ///   - images: their labels are positions in `classes`.
  ///   - classes: in any order, but exactly the model's.
  ///   - threads: images that are classified at a time; each then takes one thread.
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

  /// Computes what tasks await: as many calls at a time as there are cores, the others in the order in which they came.
  private static let queue = WorkQueue(limit: Executor.availableThreads)

  /// Runs a call for some images at a time, and asks between them whether to go on.
  private func inParts<Answer: Sendable>(
    _ images: [Image], _ body: @escaping @Sendable ([Image]) throws(ClassifierError) -> [Answer]
  ) async throws(ClassifierError) -> [Answer] {
    try await awaiting { (flag) throws(ClassifierError) in
      var results: [Answer] = []
      for start in stride(from: 0, to: images.count, by: Self.largestBatch) {
        guard !flag.isSet else { throw .interrupted }
        results += try body(Array(images[start..<min(start + Self.largestBatch, images.count)]))
      }
      return results
    }
  }

  /// Runs a call on the queue; what a cancelled task awaits ends at once, or with the step that it is in.
  private func awaiting<Success: Sendable>(
    _ body: @escaping @Sendable (StopFlag) throws(ClassifierError) -> Success
  ) async throws(ClassifierError) -> Success {
    try await Self.queue.run(cancellation: .interrupted) { (flag) throws(ClassifierError) in
      guard !flag.isSet else { throw .interrupted }
      return try body(flag)
    }
  }
}

extension ClassifierError {
  /// The task that awaited it was cancelled, or the caller said so.
  static var interrupted: ClassifierError { ClassifierError(.interrupted, "interrupted before it was done") }
}
