import VisionInference
import VisionData
import Foundation
import Testing
import VisionTestSupport
import VisionCompute
import VisionSystem
import VisionTensor
import VisionLayers

@testable import VisionTasks
@testable import VisionTraining

/// Cancelling a task ends what it awaits, and what it calls, within a step.
@Suite struct CancellationTests {
  /// Cancels a task from within what it does, and counts what it does afterwards.
  private final class Canceller: Sendable {
    private struct State {
      var cancel: (@Sendable () -> Void)?
      var before = 0
      var after = 0
    }
    private let state = Locked(State())
    private let moment: Int

    /// - Parameter moment: the event at which the task is cancelled, from 1.
    init(at moment: Int) { self.moment = moment }

    /// Events after that.
    var after: Int { state.withLock { $0.after } }

    func hold<Success>(_ task: Task<Success, any Error>) {
      state.withLock { $0.cancel = { task.cancel() } }
    }

    /// Counts an event; the one that cancels waits until it can.
    func count() {
      let isMoment = state.withLock { state in
        if state.before < moment { state.before += 1 } else { state.after += 1 }
        return state.before == moment && state.after == 0
      }
      guard isMoment else { return }
      while true {
        if let cancel = state.withLock({ $0.cancel }) { return cancel() }
        usleep(1000)
      }
    }
  }

  private static func code<Success>(_ task: Task<Success, any Error>) async -> String? {
    do { _ = try await task.value } catch { return (error as? TrainingError)?.code }
    return nil
  }

  private static func colors(_ count: Int) throws -> (SampleFolder, ImageFolder) {
    let folder = try SampleFolder.colors(count)
    return (folder, try ImageFolder(folder.path))
  }

  /// A slow thread beside the task's gives that its turn.
  private static func waitBeside(_ canceller: Canceller) {
    if canceller.after > 0, withUnsafeCurrentTask(body: { $0 == nil }) { usleep(20_000) }
  }

  /// The closure is asked where `Task.isCancelled` knows the task, however many threads read images.
  @Test(arguments: [1, 2, 3])
  func readingOfFeaturesEnds(threads: Int) async throws {
    let (folder, data) = try Self.colors(60)
    defer { withExtendedLifetime(folder) {} }
    let extractor = try FeatureExtractor(TinyBackbone.make(), threads: threads)
    let canceller = Canceller(at: 3)
    let task = Task {
      try extractor.features(of: data.images.map(\.path), isCancelled: { Task.isCancelled }) { _ in
        canceller.count()
        Self.waitBeside(canceller)
      }
    }
    canceller.hold(task)
    #expect(await Self.code(task) == "interrupted")
    #expect(canceller.after < (threads == 1 ? 1 : 60))
  }

  @Test(arguments: [true, false])
  func transferEnds(awaits: Bool) async throws {
    let (folder, data) = try Self.colors(60)
    defer { withExtendedLifetime(folder) {} }
    let learning = TransferLearning(try TinyBackbone.make(), threads: 1)
    let canceller = Canceller(at: 3)
    let report: @Sendable (TransferLearning.Event) -> Void = { event in
      if case .features = event { canceller.count() }
    }
    let task = Task {
      if awaits {
        _ = try await learning.train(on: data, report: report)
      } else {
        _ = try learning.train(on: data, isCancelled: { Task.isCancelled }, report: report)
      }
    }
    canceller.hold(task)
    #expect(await Self.code(task) == "interrupted")
    #expect(canceller.after == 0)
  }

  /// Between the settings of the last layer, too.
  @Test func theChoiceOfSettingsEnds() async throws {
    let (folder, data) = try Self.colors(20)
    defer { withExtendedLifetime(folder) {} }
    let learning = TransferLearning(try TinyBackbone.make(), threads: 2)
    let canceller = Canceller(at: 2)
    let task = Task {
      try await learning.train(on: data) { event in
        if case .candidate = event { canceller.count() }
      }
    }
    canceller.hold(task)
    #expect(await Self.code(task) == "interrupted")
    #expect(canceller.after == 0)
  }

  /// And between the steps of the search for one setting.
  @Test func theSearchForTheLastLayerEnds() {
    let numbers = Philox(seed: 1).normal(count: 40 * 6)
    let examples = HeadTrainer.Examples(
      features: Matrix(rows: 40, columns: 6, elements: numbers), labels: (0..<40).map { $0 % 4 })
    let trainer = HeadTrainer(classes: 4)
    var asked = 0
    func head(endingAt last: Int) -> LinearHead {
      asked = 0
      return trainer.fit(examples, scaling: .common, penalty: 0.001) {
        asked += 1
        return asked > last
      }
    }
    let whole = head(endingAt: .max)
    #expect(asked > 3)
    #expect(whole.weights == trainer.fit(examples, scaling: .common, penalty: 0.001).weights)
    let cut = head(endingAt: 2)
    #expect(asked == 3)
    #expect(cut.weights != whole.weights)
  }

  @Test(arguments: [true, false])
  func fineTuningEndsWithTheStep(awaits: Bool) async throws {
    let (folder, data) = try Self.colors(20)
    defer { withExtendedLifetime(folder) {} }
    var configuration = GivenSettings()
    configuration[.fineTuning] = .all
    configuration[.epochs] = 10_000
    configuration[.batchSize] = 8
    configuration[.threads] = 1
    var learning = TransferLearning(try TinyBackbone.make(), threads: 1)
    learning.fineTuning = configuration
    let canceller = Canceller(at: 4)
    let report: @Sendable (TransferLearning.Event) -> Void = { event in
      if case .fineTuning(.step) = event { canceller.count() }
    }
    let task = Task { [learning] in
      if awaits {
        _ = try await learning.train(on: data, report: report)
      } else {
        _ = try learning.train(on: data, isCancelled: { Task.isCancelled }, report: report)
      }
    }
    canceller.hold(task)
    #expect(await Self.code(task) == "interrupted")
    #expect(canceller.after == 0)
  }

  @Test(arguments: [true, false])
  func trainingFromScratchEndsWithTheStep(awaits: Bool) async throws {
    let (folder, data) = try Self.colors(12)
    defer { withExtendedLifetime(folder) {} }
    var configuration = GivenSettings()
    configuration[.architecture] = "lenet5"
    configuration[.epochs] = 10_000
    configuration[.batchSize] = 8
    configuration[.threads] = 1
    let survey = try FolderSurvey(of: data, threads: 1)
    let training = try TrainingRun(survey, configuration.resolved(for: survey))
    let canceller = Canceller(at: 4)
    let report: @Sendable (TrainingRun<Classification>.Event) -> Void = { event in
      if case .training(.step) = event { canceller.count() }
    }
    let task = Task {
      if awaits {
        _ = try await training.run(report: report)
      } else {
        _ = try training.run(isCancelled: { Task.isCancelled }, report: report)
      }
    }
    canceller.hold(task)
    #expect(await Self.code(task) == "interrupted")
    #expect(canceller.after == 0)
  }

  @Test func aNetworkOnTensorsEndsWithTheStep() async throws {
    let x = Tensor(Philox(seed: 1).normal(count: 12 * 5), shape: [12, 5])
    let y = Tensor((0..<12).map { Int64($0 % 2) })
    let canceller = Canceller(at: 4)
    let task = Task {
      try await Dense(2).fit(x, y, epochs: 1_000_000, batchSize: 4) { event in
        if case .step = event { canceller.count() }
      }
    }
    canceller.hold(task)
    let result = try await task.value.result
    #expect(result.ending == .interrupted && result.steps == 4)
  }

  /// What other threads do hears of it; asked is the caller on its own thread alone.
  @Test func onlyTheCallersThreadIsAsked() {
    let (threads, ended) = (Locked<Set<ObjectIdentifier>>([]), Locked(0))
    let check = CancellationCheck {
      threads.withLock { threads in
        threads.insert(ObjectIdentifier(Thread.current))
        return threads.count > 99
      }
    }
    let executor = Executor(threads: 3)
    executor.forEach(count: 200) { _, _ in
      if check.isCancelled { ended.withLock { $0 += 1 } }
      usleep(50)
    }
    #expect(threads.withLock { $0 } == [ObjectIdentifier(Thread.current)])
    #expect(ended.withLock { $0 } == 0)
    // Once true, always true, and everywhere.
    let answers = Locked([true, false, false])
    let sticky = CancellationCheck { answers.withLock { $0.removeFirst() } }
    #expect(sticky.isCancelled && sticky.isCancelled)
    executor.forEach(count: 100) { _, _ in if sticky.isCancelled { ended.withLock { $0 += 1 } } }
    #expect(ended.withLock { $0 } == 100)
  }
}
