import VisionData
import Foundation
import Testing
import VisionTestSupport
import VisionSystem
import VisionTensor

@testable import VisionTraining

@Suite struct StoppingTests {
  /// Steps slow enough that training lasts until it is ended.
  private struct Slow: TrainingCallback {
    func received(_ event: TrainingEvent, _ control: TrainingControl) {
      if case .step = event { usleep(1000) }
    }
  }

  private static func trainer(folder: String? = nil) throws -> Trainer {
    var settings = TrainingToy.settings()
    settings.callbacks = [Slow()]
    settings.folder = folder
    return try Trainer(TrainingToy.Network(), on: TrainingToy.batches(10), settings: settings)
  }

  @Test func stopWaitsForTheEndAndRunCanBeCalledAtOnce() async throws {
    let folder = try SampleFolder()
    let trainer = try Self.trainer(folder: folder.path)
    for round in 1...5 {
      for try await event in trainer.run(epochs: 1_000_000) { if case .step = event { break } }
      await trainer.stop()
      let result = try #require(trainer.result)
      #expect(result.ending == .interrupted)
      #expect(try Checkpoint(contentsOf: folder.path).position.step == result.steps, "round \(round)")
      // There is none any more.
      await trainer.stop()
      #expect(trainer.result?.steps == result.steps)
    }
    let last = try trainer.runBlocking(epochs: (trainer.result?.epochs ?? 0) + 1)
    #expect(last.ending == .completed)
  }

  /// `break` has told the first run to end; the second waits until it has.
  @Test func aRunAfterABreakBeginsWhenTheOtherHasEnded() async throws {
    let trainer = try Self.trainer()
    for _ in 0..<10 {
      for try await event in trainer.run(epochs: 1_000_000) { if case .step = event { break } }
    }
    await trainer.stop()
    #expect(trainer.result?.ending == .interrupted)
  }

  @Test func stopEndsARunThatHasYetToBegin() async throws {
    let trainer = try Self.trainer()
    for _ in 0..<20 {
      let events = trainer.run(epochs: 1_000_000)
      await trainer.stop()
      var count = 0
      for try await _ in events { count += 1 }
      #expect(trainer.result?.ending == .interrupted && count > 0)
    }
  }

  @Test func anyNumberOfTasksMayStop() async throws {
    let trainer = try Self.trainer()
    await trainer.stop()
    let events = trainer.run(epochs: 1_000_000)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { await trainer.stop() } }
    }
    for try await _ in events {}
    #expect(trainer.result?.ending == .interrupted)
  }

  @Test func stopEndsARunThatBlocksAnotherThread() async throws {
    let trainer = try Self.trainer()
    let hasBegun = Locked(false)
    let blocking = Task {
      try await OwnThread.run { (_) throws(TrainingError) in
        try trainer.runBlocking(epochs: 1_000_000, report: { _ in hasBegun.withLock { $0 = true } })
      }
    }
    while !hasBegun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
    await trainer.stop()
    #expect(trainer.result?.ending == .interrupted)
    #expect(try await blocking.value.ending == .interrupted)
  }

  @Test func aRunBesideAnotherIsBusy() async throws {
    let trainer = try Self.trainer()
    let first = trainer.run(epochs: 1_000_000)
    var iterator = first.makeAsyncIterator()
    _ = try await iterator.next()
    await #expect { for try await _ in trainer.run(epochs: 1) {} } throws: {
      ($0 as? TrainingError)?.code == "busy"
    }
    await trainer.stop()
  }

  /// Batches that say that they may be shared get past the compiler, which refuses to give others to two trainers.
  private final class Shared: TrainingBatches, @unchecked Sendable {
    private let own: TensorBatches
    init(_ own: TensorBatches) { self.own = own }
    var target: BatchTarget { own.target }
    var inputShape: [Int] { own.inputShape }
    var batchSize: Int { own.batchSize }
    var sampleCount: Int { own.sampleCount }
    var batchesPerEpoch: Int { own.batchesPerEpoch }
    var classCounts: [Int]? { own.classCounts }
    func start(seed: UInt64, epoch: Int, batch: Int) { own.start(seed: seed, epoch: epoch, batch: batch) }
    func next(into buffers: BatchBuffers) throws(TrainingError) -> [Int]? { try own.next(into: buffers) }
  }

  @Test func batchesInUseAreRefused() async throws {
    let data = try Shared(TrainingToy.batches(10))
    var settings = TrainingToy.settings()
    settings.callbacks = [Slow()]
    // To learn from in one, and to judge by in the other.
    let first = try Trainer(TrainingToy.Network(), on: data, settings: settings)
    let second = try Trainer(
      TrainingToy.Network(), on: TrainingToy.batches(8), validation: data, settings: settings)
    var events = first.run(epochs: 1_000_000).makeAsyncIterator()
    _ = try await events.next()
    func code() -> String? {
      do throws(TrainingError) { try second.runBlocking(epochs: 1) } catch { return error.code }
      return nil
    }
    #expect(code() == "busy")
    await first.stop()
    #expect(code() == nil)
  }

  /// Logs and checkpoints of two would get mixed up.
  @Test func aFolderInUseIsRefused() async throws {
    let folder = try SampleFolder()
    try folder.makeFolder("run")
    let (first, second) = (
      try Self.trainer(folder: folder.file("run")), try Self.trainer(folder: folder.file("run/../run/"))
    )
    var events = first.run(epochs: 1_000_000).makeAsyncIterator()
    _ = try await events.next()
    let error = #expect(throws: TrainingError.self) { try second.runBlocking(epochs: 1) }
    #expect(error?.code == "busy" && error?.place != nil)
    await first.stop()
    #expect(try second.runBlocking(epochs: 1).ending == .completed)
  }

  /// Two loops through one sequence share its events; both end.
  @Test func twoLoopsThroughOneSequenceEnd() async throws {
    let settings = TrainingToy.settings()
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.batches(10), settings: settings)
    let events = trainer.run(epochs: 5)
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var count = 0
          for try await _ in events { count += 1 }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
    // Started, three steps and the end of each epoch, finished.
    #expect(counts == 1 + 5 * 4 + 1)
  }
}
