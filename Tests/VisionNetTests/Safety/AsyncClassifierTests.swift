import Foundation
import Testing
import VisionSystem
import VisionTensor
import VisionTraining

@testable import VisionNet

@Suite struct AsyncClassifierTests {
  /// The form for callers that are no task.
  private static func blocking(_ classifier: ImageClassifier, _ images: [Image]) throws -> [[Prediction]] {
    try classifier.classify(images, top: 3)
  }

  @Test func tasksGetWhatOtherCallersGet() async throws {
    let classifier = try TinyClassifier.make()
    let images = try (0..<40).map { try TinyClassifier.image($0) }
    let expected = try Self.blocking(classifier, images)
    #expect(try await classifier.classify(images, top: 3) == expected)
    try await withThrowingTaskGroup(of: (Int, [Prediction]).self) { group in
      for (index, image) in images.enumerated() {
        group.addTask { (index, try await classifier.classify(image, top: 3)) }
      }
      for try await (index, predictions) in group {
        #expect(predictions.map(\.label) == expected[index].map(\.label))
        for (a, b) in zip(predictions, expected[index]) { #expect(abs(a.probability - b.probability) < 1e-6) }
      }
    }
    let probabilities = try await classifier.probabilities(images[0])
    #expect(probabilities.count == 5 && abs(probabilities.reduce(0, +) - 1) < 1e-5)
    #expect(try await classifier.logits(images[0]).count == 5)
    let none = await #expect(throws: ClassifierError.self) { try await classifier.embedding(images[0]) }
    #expect(none?.code == "embedding")
  }

  @Test func errorsOfAFileKeepTheirCode() async throws {
    let classifier = try TinyClassifier.make()
    let error = await #expect(throws: ClassifierError.self) {
      try await classifier.classify(contentsOf: "/nowhere/none.png")
    }
    #expect(error?.place == "/nowhere/none.png")
  }

  @Test func aCancelledTaskIsToldSo() async throws {
    let classifier = try TinyClassifier.make()
    let images = try (0..<64).map { try TinyClassifier.image($0) }
    let tasks = (0..<20).map { _ in
      Task {
        // Begins when it has been cancelled.
        while !Task.isCancelled { await Task.yield() }
        return try await classifier.classify(images)
      }
    }
    for task in tasks { task.cancel() }
    for task in tasks {
      let error = await #expect(throws: ClassifierError.self) { try await task.value }
      #expect(error?.code == "interrupted")
    }
    #expect(try await classifier.classify(images).count == 64)
  }

  @Test func anEvaluationEndsWithTheImage() async throws {
    let folder = NSTemporaryDirectory() + "visionnet-evaluate-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let images = try (0..<30).map { number in
      let path = "\(folder)/\(number).png"
      try TinyClassifier.image(number).write(to: path)
      return LabeledImage(path: path, relativePath: "\(number).png", label: number % 5)
    }
    let classifier = try TinyClassifier.make()
    let classes = classifier.labels
    let whole = try await classifier.evaluate(images, classes: classes, threads: 2)
    #expect(whole.predictions.images.count == 30)

    let done = Locked((count: 0, cancel: (@Sendable () -> Void)?.none))
    let task = Task {
      try await classifier.evaluate(images, classes: classes, threads: 1) { count in
        guard count == 4 else { return done.withLock { $0.count = count } }
        // Waits until the task is known here.
        while true {
          if let cancel = done.withLock({ $0.cancel }) { return cancel() }
          usleep(1000)
        }
      }
    }
    done.withLock { $0.cancel = { task.cancel() } }
    let error = await #expect(throws: ClassifierError.self) { try await task.value }
    #expect(error?.code == "interrupted")
    #expect(done.withLock { $0.count } == 3)
  }

  /// Work that blocks its thread takes none from tasks: with more of it than there are cores, tasks still run, and end it.
  @Test func tasksRunBesideWorkThatBlocks() async throws {
    let queue = WorkQueue(limit: 2)
    let count = 4 * ProcessInfo.processInfo.activeProcessorCount + 4
    let (begun, isReleased) = (Locked(0), StopFlag())
    let results = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<count {
        group.addTask {
          try await queue.run(cancellation: ClassifierError.interrupted) { (_) throws(ClassifierError) in
            begun.withLock { $0 += 1 }
            while !isReleased.isSet { usleep(500) }
            return number
          }
        }
      }
      group.addTask {
        while begun.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(1)) }
        // Only two at a time have begun.
        #expect(begun.withLock { $0 } == 2)
        isReleased.set()
        return 0
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.sorted() == ([0] + Array(0..<count)).sorted())
  }

  @Test func workThatWaitsIsGivenUpAtOnce() async throws {
    let queue = WorkQueue(limit: 1)
    let (hasBegun, isReleased, ran) = (StopFlag(), StopFlag(), StopFlag())
    let first = Task {
      try await queue.run(cancellation: ClassifierError.interrupted) { (flag) throws(ClassifierError) in
        hasBegun.set()
        while !isReleased.isSet { usleep(500) }
        return flag.isSet
      }
    }
    while !hasBegun.isSet { try await Task.sleep(for: .milliseconds(1)) }
    let second = Task {
      try await queue.run(cancellation: ClassifierError.interrupted) { (_) throws(ClassifierError) in
        ran.set()
      }
    }
    second.cancel()
    // It ends although the only thread is busy.
    let error = await #expect(throws: ClassifierError.self) { try await second.value }
    #expect(error?.code == "interrupted")
    // What has begun is told by its flag.
    first.cancel()
    isReleased.set()
    #expect(try await first.value)
    #expect(!ran.isSet)
  }
}
