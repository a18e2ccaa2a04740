import VisionCompute
public import VisionData
public import VisionImage
public import VisionInference
import VisionSystem
public import VisionTasks

extension ObjectDetector {
  /// What a detector finds in images whose objects are known.
  public struct Evaluation: Sendable {
    /// The objects and the detections; the classes are those of the annotations.
    public let samples: DetectionEvaluation
    /// The images of `samples`, in their order.
    public let images: [AnnotatedImage]
    /// Images that could not be read.
    public let skipped: [SkippedFile]
  }

  /// The lowest score that counts when nothing else is asked for: precision is measured down to where recall hardly grows.
  public static let evaluationConfidence: Float = 0.001

  /// Compares what the detector finds with annotations.
  ///
  /// Use a detector with a low `selection.confidence`, such as `evaluationConfidence`: scores below it count as nothing found.
  /// - Parameters:
  ///   - images: with files; their objects' labels are positions in `classes`.
  ///   - classes: in any order; detections of the model's other classes do not count.
  ///   - options: how images are read; the preprocessing is the model's.
  ///   - threads: the number of images that are looked at at a time, each on one thread; one per core by default.
  ///   - isCancelled: called between images, on the calling thread; true stops the evaluation.
  ///   - report: called after each image with how many are done, by one thread at a time.
  /// - Throws: `ClassifierError`: `classes` when the model does not know a class, `noImages` when none of the images can be read,
  ///   `interrupted` when cancelled, and what `detect` throws.
  public func evaluate(
    _ images: [AnnotatedImage], classes: [String], options: ImageOptions = ImageOptions(),
    threads: Int? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws(ClassifierError) -> Evaluation {
    let positions = try positions(of: classes)
    let single = try self.single()
    let options = reading(options)
    let cancellation = CancellationCheck(isCancelled)
    let results = Locked([Result<[Detection], ClassifierError>?](repeating: nil, count: images.count))
    let done = Locked(0)
    Executor(threads: threads).forEach(count: images.count) { index, _ in
      guard !cancellation.isCancelled else { return }
      let result = Result { () throws(ClassifierError) -> [Detection] in
        try single.detect(contentsOf: images[index].path ?? images[index].name, options: options)
      }
      results.withLock { $0[index] = result }
      done.withLock { done in
        done += 1
        report(done)
      }
    }
    return try Self.evaluation(images, results.withLock { $0 }, classes, positions)
  }

  private static func evaluation(
    _ images: [AnnotatedImage], _ results: [Result<[Detection], ClassifierError>?], _ classes: [String],
    _ positions: [Int: Int]
  ) throws(ClassifierError) -> Evaluation {
    var samples = DetectionEvaluation(classes: classes)
    var (kept, skipped): ([AnnotatedImage], [SkippedFile]) = ([], [])
    for (image, result) in zip(images, results) {
      guard let result else { throw .interrupted }
      let found: [Detection]
      do { found = try result.get() } catch {
        let path = image.path ?? image.name
        // What is wrong with an image skips it; any other error ends the evaluation.
        guard let cause = error.cause as? ImageError else {
          var told = error
          told.place = [path, error.place].compactMap { $0 }.joined(separator: ", ")
          throw told
        }
        skipped.append(SkippedFile(path: path, cause))
        continue
      }
      let detections = found.compactMap { found in
        positions[found.index].map { ScoredBox(classIndex: $0, score: Double(found.score), box: found.box) }
      }
      do {
        try samples.add(
          DetectionSample(truths: BoxTruth(image).objects.map(\.trueBox), detections: detections))
      } catch { throw ClassifierError.wrapping(error) }
      kept.append(image)
    }
    guard !kept.isEmpty else {
      throw ClassifierError(
        .noImages,
        "there is no image that can be read\(skipped.first.map { ": \($0.path): \($0.message)" } ?? "")",
        remedy: "give a folder of annotated images")
    }
    return Evaluation(samples: samples, images: kept, skipped: skipped)
  }

  /// The position in `classes` of each of the model's classes that is among them.
  private func positions(of classes: [String]) throws(ClassifierError) -> [Int: Int] {
    // Labels are compared as bytes, like names of folders.
    var known: [[UInt8]: Int] = [:]
    for (index, label) in labels.enumerated() { known[Array(label.utf8)] = index }
    let unknown = classes.filter { known[Array($0.utf8)] == nil }
    guard unknown.isEmpty else {
      throw ClassifierError(
        .classes,
        "the model does not know \(unknown.prefix(8).map { "'\($0)'" }.joined(separator: ", "))"
          + "\(unknown.count > 8 ? " and \(unknown.count - 8) more" : "") of the annotations",
        remedy: "it knows \(labels.prefix(20).joined(separator: ", "))\(labels.count > 20 ? ", …" : ""); "
          + "rename the classes of one of them")
    }
    var positions: [Int: Int] = [:]
    for (position, label) in classes.enumerated() { positions[known[Array(label.utf8)] ?? -1] = position }
    return positions
  }
}
