import VisionCompute
import VisionInference
import VisionNet
import VisionSystem

/// Images through a network on several threads, what a task says of them in the order of the paths.
///
/// Each thread takes the next few paths, decodes them, and runs the network on them as one batch. Between images
/// threads share nothing but the order, so that they scale where the loops inside one network would wait for one
/// another; and no more images are in memory than threads × batch, however many there are.
struct RecordPipeline<Task: ModelTask>: Sendable where Task.Input.Subject == Image {
  let task: Task
  /// What the network says of images, some at a time.
  let predict: @Sendable ([Image]) throws -> [Task.Prediction]
  let batchSize: Int
  let options: ImageOptions
  /// Threads that take images; the network's own are its caller's.
  let workers: Int
  /// What else is done with the images.
  let visitor: (any PredictionVisitor<Task.Prediction>)?
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
    var waiting: [Int: [SubjectOutcome]] = [:]
    var stopped = false
    var failure: (any Error)?
  }

  /// - Parameter options: how files are read.
  init(
    _ task: Task, batchSize: Int, workers: Int, options: ImageOptions,
    visitor: (any PredictionVisitor<Task.Prediction>)? = nil,
    predict: @escaping @Sendable ([Image]) throws -> [Task.Prediction]
  ) {
    self.visitor = visitor
    (self.task, self.predict) = (task, predict)
    self.batchSize = batchSize
    self.workers = workers
    self.options = options
    window = workers * 8 + 8
  }

  /// Calls `emit` for each record in order, one at a time, until it returns false.
  ///
  /// Throws what `emit` throws, and errors that are not an image's.
  func run(_ source: PathSource, emit: @Sendable (SubjectOutcome) throws -> Bool) throws {
    let queue = Monitor(Queue(source: source))
    let progress = Monitor(Progress())
    Executor(threads: workers).forEach(count: workers) { _, _ in work(queue, progress, emit) }
    if let failure = progress.withLock({ $0.failure }) { throw failure }
  }

  private func work(
    _ queue: Monitor<Queue>, _ progress: Monitor<Progress>,
    _ emit: @Sendable (SubjectOutcome) throws -> Bool
  ) {
    do {
      while let (number, paths) = try take(queue, progress) {
        let records = try outcomes(paths)
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
        try visitor?.expect(path)
        paths.append(path)
      }
      if paths.isEmpty { return nil }
      queue.taken += 1
      return (taken, paths)
    }
  }

  private func outcomes(_ paths: [FilePath]) throws -> [SubjectOutcome] {
    try ImageRecords.outcomes(of: paths, name: \.text) { (path) throws(ImageError) in
      try path.imageOrRemedy(options: options)
    } predict: {
      try predict($0)
    } record: { path, image, prediction in
      try visitor?.visit(path, image, prediction)
      return task.record(prediction)
    }
  }
}
