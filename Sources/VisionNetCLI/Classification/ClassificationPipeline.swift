import VisionCompute
import VisionNet
import VisionSystem

/// Classifies images on several threads; the records come in the order of the paths.
///
/// Each thread takes the next few paths, decodes them, and runs the network on them as one batch. The threads
/// share nothing but the order of the records, so they scale better than threads that share the loops inside
/// one network. No more than threads × batch size images are in memory at a time.
struct ClassificationPipeline: Sendable {
  let classifier: ImageClassifier
  let top: Int
  let batchSize: Int
  let options: ImageOptions
  /// The threads that take images; the threads of the network itself belong to the classifier.
  let workers: Int
  /// How many batches may be taken ahead of the next one to be written.
  private let window: Int

  private struct Queue {
    var source: PathSource
    /// Batches taken so far.
    var taken = 0
  }

  private struct Progress {
    /// Batches written so far.
    var written = 0
    var waiting: [Int: [ClassificationRecord]] = [:]
    var stopped = false
    var failure: (any Error)?
  }

  init(
    _ classifier: ImageClassifier, top: Int, batchSize: Int, workers: Int,
    options: ImageOptions = ImageOptions()
  ) {
    self.classifier = classifier
    self.top = top
    self.batchSize = batchSize
    self.workers = workers
    self.options = classifier.reading(options)
    window = workers * 8 + 8
  }

  /// Calls `emit` for each record in order, one at a time, until it returns false.
  ///
  /// Throws what `emit` throws, and errors that do not concern a single image.
  func run(_ source: PathSource, emit: @Sendable (ClassificationRecord) throws -> Bool) throws {
    let queue = Monitor(Queue(source: source))
    let progress = Monitor(Progress())
    Executor(threads: workers).forEach(count: workers) { _, _ in work(queue, progress, emit) }
    if let failure = progress.withLock({ $0.failure }) { throw failure }
  }

  private func work(
    _ queue: Monitor<Queue>, _ progress: Monitor<Progress>,
    _ emit: @Sendable (ClassificationRecord) throws -> Bool
  ) {
    do {
      while let (number, paths) = try take(queue, progress) {
        let records = try classify(paths)
        try progress.withLock { progress in
          progress.waiting[number] = records
          while !progress.stopped, let records = progress.waiting.removeValue(forKey: progress.written) {
            for record in records where !progress.stopped {
              if try !emit(record) { progress.stopped = true }
            }
            progress.written += 1
          }
        }
      }
    } catch {
      progress.withLock { progress in
        if !progress.stopped { progress.failure = error }
        progress.stopped = true
      }
    }
  }

  /// The next batch of paths and its number; nil at the end.
  private func take(_ queue: Monitor<Queue>, _ progress: Monitor<Progress>) throws -> (Int, [FilePath])? {
    let isStopped: () -> Bool = { progress.wait(until: { _ in true }, then: \.stopped) }
    return try queue.withLock { queue in
      // No other thread can take a batch while this one waits; the batch it waits for has already been taken.
      let taken = queue.taken
      let stopped = progress.wait(
        until: { $0.stopped || taken - $0.written < window }, then: \.stopped)
      if stopped { return nil }
      var paths: [FilePath] = []
      while paths.count < batchSize, let path = try queue.source.next(isCancelled: isStopped) {
        paths.append(path)
      }
      if paths.isEmpty { return nil }
      queue.taken += 1
      return (taken, paths)
    }
  }

  private func classify(_ paths: [FilePath]) throws -> [ClassificationRecord] {
    var decoded: [Result<(image: Image, seconds: Double), ImageError>] = []
    for path in paths {
      let start = POSIX.seconds
      do throws(ImageError) {
        let image = try path.imageOrRemedy(options: options)
        decoded.append(.success((image, POSIX.seconds - start)))
      } catch { decoded.append(.failure(error)) }
    }
    let images = decoded.compactMap { try? $0.get().image }
    let start = POSIX.seconds
    var predictions = (try predict(images))[...]
    let share = (POSIX.seconds - start) / Double(max(images.count, 1))
    return zip(paths, decoded).map { path, result in
      switch result {
      case .failure(let error): return ClassificationRecord(path: path, outcome: .failure(error))
      case .success(let (image, seconds)):
        switch predictions.popFirst() {
        case .labels(let labels)?:
          return ClassificationRecord(
            path: path,
            outcome: .labels(
              labels, width: image.wholeWidth, height: image.wholeHeight,
              milliseconds: (seconds + share) * 1000),
            damage: image.damage ?? image.warning)
        case .failure(let error)?: return ClassificationRecord(path: path, outcome: .failure(error))
        case nil:
          return ClassificationRecord(
            path: path, outcome: .failure(ImageError(.outOfMemory, "the classifier gave no answer")))
        }
      }
    }
  }

  /// The classifier's answer for an image.
  private enum Answer {
    case labels([Prediction])
    case failure(any VisionError)
  }

  /// If an image cannot be prepared, or the network's result for it is not finite, only its own record fails.
  /// Other errors concern the model and end the run.
  private func predict(_ images: [Image]) throws -> [Answer] {
    if images.isEmpty { return [] }
    do {
      return try classifier.classify(images, top: top).map { .labels($0) }
    } catch {
      guard error.cause is ImageError || error.kind == .notFinite else { throw error }
      if images.count > 1 { return try images.flatMap { try predict([$0]) } }
      return [.failure(error)]
    }
  }
}
