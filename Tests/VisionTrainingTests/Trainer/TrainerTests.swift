import VisionData
import Foundation
import Testing
import VisionTestSupport
import VisionGraph
import VisionLayers
import VisionSystem
import VisionTensor

@testable import VisionTraining

@Suite struct TrainerTests {
  @Test func learnsEightImagesByHeart() throws {
    let x = TrainingToy.images(8)
    let y = TrainingToy.classes(of: x, 4)
    var settings = TrainingToy.settings()
    settings.schedule = ConstantSchedule(0.03)
    let network = try TrainingToy.Network(classes: 4, drops: 0).fit(
      x, y, epochs: 40, batchSize: 8, validation: (x, y), settings: settings)
    #expect(network.result.best?.score("top1") == 1)
    let logits = try network.predict(x).floats
    for (sample, label) in y.integers.enumerated() {
      let row = logits[sample * 4..<sample * 4 + 4]
      #expect(row.firstIndex(of: row.max() ?? 0) == row.startIndex + label)
    }
    #expect((network.result.history.last?.trainingLoss ?? 9) < 0.2)
  }

  @Test func theNumberOfThreadsDoesNotMatter() throws {
    let results = try [1, 2].map { threads in
      try Trainer(
        TrainingToy.Network(), on: TrainingToy.samples(13), validation: TrainingToy.held(9),
        settings: TrainingToy.settings(threads: threads)
      ).runBlocking(epochs: 3)
    }
    #expect(results[0].lastParameters.map(\.tensor) == results[1].lastParameters.map(\.tensor))
    #expect(results[0].history.map(\.trainingLoss) == results[1].history.map(\.trainingLoss))
    #expect(results[0].history.map(\.validation) == results[1].history.map(\.validation))
  }

  @Test func theSeedMatters() throws {
    let weights = try ([5, 6] as [UInt64]).map { seed in
      var settings = TrainingToy.settings()
      settings.seed = seed
      return try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings)
        .runBlocking(epochs: 1).parameters["head.weight"]
    }
    #expect(weights[0] != weights[1])
  }

  @Test func eventsComeInOrder() async throws {
    let trainer = try Trainer(
      TrainingToy.Network(), on: TrainingToy.samples(10), validation: TrainingToy.held(4),
      settings: TrainingToy.settings())
    let log = EventLog()
    for try await event in trainer.run(epochs: 2) { log.add(event) }
    guard case .started(let start) = log.events.first, case .finished(let result) = log.events.last else {
      Issue.record("no beginning or end: \(log.events)")
      return
    }
    #expect(start.steps == 6 && start.samples == 10 && start.epochs == 2 && start.batchSize == 4)
    #expect(start.memory.total > 0)
    #expect(start.parameters == 4 * 9 + 4 + 4 + 36 * 2 + 2)
    #expect(log.steps.map(\.step) == [1, 2, 3, 4, 5, 6])
    #expect(log.steps.map(\.batch) == [1, 2, 3, 1, 2, 3])
    #expect(log.steps.map(\.rate) == (0..<6).map { trainer.settings.schedule.rate(step: $0, of: 6) })
    #expect(log.epochs.map(\.epoch) == [1, 2])
    let mean = log.steps.prefix(3).reduce(0) { $0 + $1.loss } / 3
    #expect(abs((log.epochs.first?.trainingLoss ?? 0) - mean) < 1e-12)
    #expect(result.ending == .completed && result.epochs == 2 && result.steps == 6)
    #expect(log.checkpoints.isEmpty)
    #expect(trainer.result?.steps == 6)
    #expect(trainer.parameters["head.weight"] == result.parameters["head.weight"])
  }

  /// Steps slow enough that training lasts until it is ended.
  private struct Slow: TrainingCallback {
    func received(_ event: TrainingEvent, _ control: TrainingControl) {
      if case .step = event { usleep(1000) }
    }
  }

  private static var slow: TrainerSettings {
    var settings = TrainingToy.settings()
    settings.callbacks = [Slow()]
    return settings
  }

  @Test func cancellingTheTaskWritesACheckpoint() async throws {
    let folder = try SampleFolder()
    var settings = Self.slow
    settings.folder = folder.path
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(10), settings: settings)
    let log = EventLog()
    let task = Task {
      for try await event in trainer.run(epochs: 1_000_000) { log.add(event) }
    }
    while log.steps.count < 5 { try await Task.sleep(for: .milliseconds(2)) }
    task.cancel()
    try await task.value
    guard case .finished(let result) = log.events.last else {
      Issue.record("no end")
      return
    }
    #expect(result.ending == .interrupted)
    #expect(log.checkpoints.last == result.steps)
    #expect(try Checkpoint(contentsOf: folder.path).position.step == result.steps)
  }

  @Test func givingTheEventsUpEndsIt() async throws {
    let trainer = try Trainer(
      TrainingToy.Network(), on: TrainingToy.samples(10), settings: Self.slow)
    for try await event in trainer.run(epochs: 1_000_000) { if case .step = event { break } }
    while trainer.result == nil { try await Task.sleep(for: .milliseconds(2)) }
    #expect(trainer.result?.ending == .interrupted)
  }

  @Test func onlyOneRunAtATime() async throws {
    let trainer = try Trainer(
      TrainingToy.Network(), on: TrainingToy.samples(10), settings: Self.slow)
    for try await event in trainer.run(epochs: 1_000_000) {
      guard case .step = event else { continue }
      #expect { try trainer.runBlocking(epochs: 1) } throws: { ($0 as? TrainingError)?.code == "busy" }
      break
    }
  }

  @Test func stopsWhenNothingGetsBetter() throws {
    var settings = TrainingToy.settings()
    settings.schedule = ConstantSchedule(1e-30)
    settings.keepsStatistics = { _ in true }
    settings.stopping = Patience(3)
    let result = try Trainer(
      TrainingToy.Network(), on: TrainingToy.samples(8), validation: TrainingToy.held(6),
      settings: settings
    ).runBlocking(epochs: 50)
    #expect(result.ending == .stopped)
    #expect(result.epochs == 4)
    #expect(result.best?.epoch == 1)
  }

  @Test func theBestEpochIsKept() throws {
    var settings = TrainingToy.settings()
    // It learns, and then is destroyed.
    settings.schedule = Steps(rates: [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 50, 50])
    settings.optimizer = SGD(momentum: 0)
    settings.selection = "loss"
    let data = try TrainingToy.samples(8)
    let weights = Locked<[Parameters]>([])
    settings.callbacks = [
      Watcher { event, control in
        if case .epoch = event { weights.withLock { $0.append(control.parameters) } }
      }
    ]
    let result = try Trainer(
      TrainingToy.Network(drops: 0), on: data,
      validation: TrainingToy.samples(8), settings: settings
    ).runBlocking(epochs: 4)
    let best = try #require(result.best)
    #expect(best.epoch < 4)
    #expect(result.history.compactMap { $0.score("loss") }.min() == best.score("loss"))
    let kept = weights.withLock { $0[best.epoch - 1] }
    #expect(kept.map(\.tensor) == result.parameters.map(\.tensor))
    #expect(result.lastParameters["head.weight"] != result.parameters["head.weight"])
  }

  private struct Steps: Schedule {
    var rates: [Double]
    func rate(step: Int, of steps: Int) -> Double { rates[step] }
  }

  /// A callback of one's own.
  struct Watcher: TrainingCallback {
    let body: @Sendable (TrainingEvent, TrainingControl) throws(TrainingError) -> Void
    init(_ body: @escaping @Sendable (TrainingEvent, TrainingControl) throws(TrainingError) -> Void) {
      self.body = body
    }
    func received(_ event: TrainingEvent, _ control: TrainingControl) throws(TrainingError) {
      try body(event, control)
    }
  }

  @Test func aCallbackStopsIt() throws {
    var settings = TrainingToy.settings()
    settings.callbacks = [
      Watcher { event, control in if case .step(let report) = event, report.step == 5 { control.stop() } }
    ]
    let result = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings)
      .runBlocking(epochs: 9)
    #expect(result.ending == .stopped && result.steps == 5)
  }

  @Test func aCallbackFails() throws {
    var settings = TrainingToy.settings()
    settings.callbacks = [
      Watcher { (event, _) throws(TrainingError) in
        if case .step = event { throw TrainingError(.unknown, "enough") }
      }
    ]
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings)
    #expect { try trainer.runBlocking(epochs: 9) } throws: { ($0 as? TrainingError)?.code == "unknown" }
  }

  @Test func averagedWeightsAreJudgedAndKept() throws {
    var settings = TrainingToy.settings()
    settings.averageDecay = 0.5
    settings.optimizer = SGD(momentum: 0)
    let weights = Locked<[[Float]]>([])
    settings.callbacks = [
      Watcher { event, control in
        guard case .step = event else { return }
        weights.withLock { $0.append(control.parameters["head.weight"]?.floats ?? []) }
      }
    ]
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings)
    let result = try trainer.runBlocking(epochs: 2)
    let average = try #require(result.parameters["head.weight"]?.floats)
    #expect(average != result.lastParameters["head.weight"]?.floats)
    // Whatever the warm-up of the average, it lies among the weights that it is made of.
    let all = weights.withLock { $0 }
    for index in average.indices {
      let seen = all.map { $0[index] }
      #expect(average[index] >= (seen.min() ?? 0) - 0.02 && average[index] <= (seen.max() ?? 0) + 0.02)
    }
  }

  @Test func whatIsFrozenStays() throws {
    var settings = TrainingToy.settings()
    settings.isTrained = { $0.hasPrefix("head") }
    settings.keepsStatistics = { _ in true }
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings)
    let start = trainer.parameters
    let result = try trainer.runBlocking(epochs: 2)
    for (name, tensor) in result.parameters {
      #expect((tensor == start[name]) == !name.hasPrefix("head"), "\(name)")
    }
  }

  @Test func balancedClassesWeighTheSame() throws {
    let x = TrainingToy.images(6)
    let data = try TensorSamples(x, Tensor([0, 0, 0, 0, 0, 1] as [Int64]))
    var settings = TrainingToy.settings()
    settings.classWeights = .balanced
    let graph = try TrainingToy.Network().graph(sample: [1, 6, 6])
    let setup = try TrainingSetup(
      graph, prediction: "logits", training: BatchFeed(data, settings, isTraining: true), validation: nil,
      settings: settings)
    #expect(setup.classWeights == [0.6, 3])
  }

  @Test func oneClassIsRefused() throws {
    #expect {
      try Trainer(
        TrainingToy.Network(),
        on: TensorSamples(TrainingToy.images(4), Tensor([0, 0, 0, 0] as [Int64]), classCount: 2))
    } throws: {
      ($0 as? TrainingError)?.code == "oneClass"
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let x = TrainingToy.images(4)
    #expect { try TensorSamples(x, Tensor([0, 1] as [Int64])) } throws: {
      ($0 as? TrainingError)?.code == "data"
    }
    let graph = try TrainingToy.Network().graph(sample: [1, 7, 7])
    #expect { try Trainer(graph, on: TrainingToy.samples(8)) } throws: {
      ($0 as? TrainingError)?.code == "data"
    }
    #expect {
      try Trainer(TrainingToy.Network(), on: TensorSamples(x, Tensor([0, 1, 2, 0] as [Int64])))
    } throws: {
      ($0 as? TrainingError)?.code == "data"
    }
    var settings = TrainingToy.settings()
    settings.selection = "beauty"
    #expect { try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings) } throws: {
      ($0 as? TrainingError)?.code == "settings"
    }
  }

  @Test func aLossThatIsNoNumberIsExplained() throws {
    var settings = TrainingToy.settings()
    settings.optimizer = SGD(momentum: 0)
    settings.schedule = ConstantSchedule(1e30)
    let folder = try SampleFolder()
    settings.folder = folder.path
    let trainer = try Trainer(TrainingToy.Network(), on: TrainingToy.samples(8), settings: settings)
    do {
      try trainer.runBlocking(epochs: 9)
      Issue.record("it should have diverged")
    } catch {
      #expect(error.code == "diverged")
      #expect(error.place?.contains("step") == true && error.remedy?.contains("smaller rate") == true)
    }
    let kept = try Checkpoint(contentsOf: folder.path)
    #expect(kept.state.allSatisfy { $0.tensor.floats.allSatisfy(\.isFinite) })
  }
}
