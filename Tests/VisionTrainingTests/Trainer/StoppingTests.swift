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
    return try Trainer(TrainingToy.Network(), on: TrainingToy.samples(10), settings: settings)
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

  /// Two trainers may learn from the same samples at once.
  @Test func samplesAreShared() async throws {
    let data = try TrainingToy.samples(10)
    var settings = TrainingToy.settings()
    settings.callbacks = [Slow()]
    let first = try Trainer(TrainingToy.Network(), on: data, settings: settings)
    let second = try Trainer(
      TrainingToy.Network(), on: data, validation: data, settings: TrainingToy.settings())
    let alone = try second.runBlocking(epochs: 2)
    var events = first.run(epochs: 1_000_000).makeAsyncIterator()
    _ = try await events.next()
    let again = try Trainer(
      TrainingToy.Network(), on: data, validation: data, settings: TrainingToy.settings())
    let result = try again.runBlocking(epochs: 2)
    #expect(result.lastParameters.map(\.tensor) == alone.lastParameters.map(\.tensor))
    await first.stop()
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
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(10), settings: settings)
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
