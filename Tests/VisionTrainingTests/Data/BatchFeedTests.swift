import VisionTestSupport
import VisionSystem
import VisionData
import Testing
import VisionGraph
import VisionTensor

@testable import VisionTraining

/// Targets are what the source says they are.
@Suite struct BatchFeedTests {
  /// N×3 numbers, and of each row a sum that a small network can learn.
  private static func table(_ rows: Int, seed: UInt64 = 1) -> (x: Tensor, y: Tensor) {
    let numbers = Philox(seed: seed).normal(count: 3 * rows)
    var sums: [Float] = []
    for row in 0..<rows { sums.append(0.5 * numbers[3 * row] - numbers[3 * row + 1] + 0.2) }
    return (Tensor(numbers, shape: [rows, 3]), Tensor(sums, shape: [rows, 1]))
  }

  private static func settings(_ loss: (any LossOperator)?) -> TrainerSettings {
    var settings = TrainingToy.settings()
    settings.schedule = ConstantSchedule(0.02)
    settings.loss = loss
    settings.lastBatch = .leftOut
    settings.loaderThreads = 2
    return settings
  }

  private static func feed(
    _ source: any TensorSource, batchSize: Int, isTraining: Bool, mixing: BatchMixing? = nil
  ) throws(TrainingError) -> BatchFeed {
    var settings = settings(nil)
    (settings.batchSize, settings.mixing) = (batchSize, mixing)
    return try BatchFeed(source, settings, isTraining: isTraining)
  }

  private static func code(_ body: () throws(TrainingError) -> Void) -> String? {
    do throws(TrainingError) { try body() } catch { return error.code }
    return nil
  }

  @Test(arguments: [true, false])
  func valuesAreARegression(namesLoss: Bool) throws {
    let (data, held) = (Self.table(64), Self.table(30, seed: 2))
    let training = try TensorSamples(data.x, .values(data.y))
    #expect(training.target == .values && training.classCounts == nil)
    var settings = Self.settings(namesLoss ? MeanSquaredError() : nil)
    settings.batchSize = 16
    let result = try Trainer(
      TrainingToy.Table(), on: training, validation: TensorSamples(held.x, .values(held.y)),
      settings: settings
    ).runBlocking(epochs: 40)
    // The values' own deviation is above 1.
    #expect(try #require(result.best?.score("rmse")) < 0.2)
  }

  /// The loss of the same weights does not depend on the size of the batches, nor on the threads that make them.
  @Test func batchesOfAnySizeAreJudgedAlike() throws {
    let data = Self.table(30)
    let graph = try TrainingToy.Table().graph(sample: [3])
    let parameters = graph.initialParameters(seed: 4)
    let evaluator = Evaluator(graph, loss: MeanSquaredError())
    let source = try TensorSamples(data.x, .values(data.y))
    let metrics: [any Metric] = [ErrorMetric(.meanAbsolute)]
    let whole = try #require(
      try evaluator.scores(of: parameters, on: source, batchSize: 30, metrics: metrics))
    let parts = try #require(
      try evaluator.scores(of: parameters, on: source, batchSize: 8, metrics: metrics))
    for (a, b) in zip(whole, parts) { #expect(a.name == b.name && abs(a.value - b.value) < 1e-6) }
    let loaded = try evaluator.scores(
      of: parameters, on: Self.feed(source, batchSize: 8, isTraining: false), metrics: metrics,
      isCancelled: { false })
    #expect(loaded == parts)
  }

  @Test func zerosAndOnesCountAsLabels() throws {
    let x = Tensor([0, 1, 2] as [Float], shape: [3, 1])
    let y = Tensor([1, 0, 1, 1, 0, 0] as [Float], shape: [3, 2])
    let values = try TensorSamples(x, .values(y))
    #expect(values.target == .values && values.classCounts == [2, 1])
    let shares = Tensor([0.7, 0.3, 0.1, 0.9, 0.6, 0.4] as [Float], shape: [3, 2])
    let source = try TensorSamples(x, .distribution(shares))
    #expect(source.target == .distribution && source.classCounts == [2, 1])
    #expect(try Self.feed(source, batchSize: 2, isTraining: true).target == .distribution)
  }

  @Test func probabilitiesAreLearned() throws {
    let x = TrainingToy.images(24)
    let classes = TrainingToy.classes(of: x).integers
    let shares = classes.flatMap { $0 == 0 ? [0.9, 0.1] : [0.1, 0.9] as [Float] }
    let source = try TensorSamples(x, .distribution(Tensor(shares, shape: [24, 2])))
    var settings = Self.settings(nil)
    settings.batchSize = 8
    let result = try Trainer(
      TrainingToy.Network(drops: 0), on: source, validation: source, settings: settings
    ).runBlocking(epochs: 30)
    #expect(try #require(result.best?.score("top1")) > 0.9)
  }

  @Test func mixedClassesAreProbabilitiesAndMixedValuesAreValues() throws {
    let x = TrainingToy.images(8)
    let labels = TrainingToy.classes(of: x).integers
    let mixing = BatchMixing(mixUp: 0.4)
    let classes = try Self.feed(
      TensorSamples(x, .labels(labels, classes: 2)), batchSize: 4, isTraining: true, mixing: mixing)
    #expect(classes.target == .distribution && classes.targetWidth == 2)
    #expect(classes.source.classCounts == [labels.count { $0 == 0 }, labels.count { $0 == 1 }])
    let values = try Self.feed(
      TensorSamples(x, .values(Tensor((0..<8).map { Float($0) }, shape: [8, 1]))), batchSize: 4,
      isTraining: true, mixing: mixing)
    #expect(values.target == .values)
  }

  /// More numbers than the network gives would be written behind the buffer, fewer would be taken for those of other rows.
  @Test(arguments: [1, 3])
  func targetsOfAnotherWidthAreRefused(width: Int) throws {
    let data = Self.table(12)
    let y = Tensor([Float](repeating: 0.5, count: 12 * width), shape: [12, width])
    #expect(
      Self.code { () throws(TrainingError) in
        _ = try Trainer(
          TrainingToy.Table(outputs: 2), on: TensorSamples(data.x, .values(y)), settings: Self.settings(nil))
      } == "data")
  }

  /// A source of one's own that says what it likes.
  private struct Liar: TensorSource {
    let count = 9
    let specs = [
      TensorSpec(name: "input", shape: [.fixed(2)]),
      TensorSpec(name: "target", type: .int64, shape: [], mixing: .classes(2)),
    ]
    func makeReader(seed: UInt64) -> any TensorReader { Reader() }

    private final class Reader: TensorReader {
      func read(_ sample: Int, epoch: Int, into slots: borrowing TensorSlots) {
        slots.floats(0).update(repeating: Float(sample))
        slots.integers(1)[0] = Int64(sample == 7 ? 5 : sample % 2)
      }
    }
  }

  @Test(arguments: [0, 2]) func labelsOutsideAreRefused(threads: Int) throws {
    let loader = try BatchLoader(Liar(), .init(batchSize: 3, threads: threads, mode: .evaluation))
    for _ in 0..<2 { _ = try loader.next() }
    let error = #expect(throws: TrainingError.self) { _ = try loader.next() }
    #expect(error?.code == "label" && error?.place == "sample 7")
    #expect(
      Self.code { () throws(TrainingError) in
        try Trainer(TrainingToy.Table(outputs: 2), on: Liar(), settings: Self.settings(nil))
          .runBlocking(epochs: 3)
      } == "label")
  }

  /// What its source does not say can be averaged is not mixed.
  @Test func whatCannotBeAveragedIsNotMixed() throws {
    let options = BatchLoader.Options(
      batchSize: 3, mode: .training(epochs: 0..<1), mixing: BatchMixing(mixUp: 1))
    let error = #expect(throws: TrainingError.self) { _ = try BatchLoader(Liar(), options) }
    #expect(error?.code == "invalidArgument" && error?.message.contains("'input'") == true)
  }

  /// Samples of different lengths: as many numbers as their index says, and as many pairs less one.
  private struct Lengths: TensorSource {
    let count = 5
    let specs = [
      TensorSpec(name: "input", shape: [.upTo(4)], padding: -1),
      TensorSpec(name: "target", shape: [.upTo(4), .fixed(2)], padding: 9),
    ]
    func makeReader(seed: UInt64) -> any TensorReader { Reader() }

    private final class Reader: TensorReader {
      func read(_ sample: Int, epoch: Int, into slots: borrowing TensorSlots) {
        for place in 0..<sample { slots.floats(0)[place] = Float(sample) }
        slots.setCount(0, sample)
        guard sample > 0 else { return }
        for place in 0..<2 * (sample - 1) { slots.floats(1)[place] = Float(place) }
        slots.setCount(1, sample - 1)
      }
    }
  }

  @Test(arguments: [0, 1, 3]) func lengthsThatDifferArePaddedAndCounted(threads: Int) throws {
    let loader = try BatchLoader(
      Lengths(), .init(batchSize: 2, threads: threads, ahead: 1, mode: .training(epochs: 0..<3)))
    var batches = 0
    while let batch = try loader.next() {
      #expect(batch.specs.map(\.name) == ["input", "target", "input.count", "target.count"])
      for (row, sample) in batch.samples.enumerated() {
        let (input, target) = (batch.floats(0)[row * 4..<row * 4 + 4], batch.floats(1)[row * 8..<row * 8 + 8])
        #expect(Array(input) == (0..<4).map { $0 < sample ? Float(sample) : -1 })
        #expect(Array(target) == (0..<8).map { $0 < 2 * (sample - 1) ? Float($0) : 9 })
        #expect(batch.integers(2)[row] == Int64(sample))
        #expect(batch.integers(3)[row] == Int64(max(sample - 1, 0)))
      }
      batches += 1
      loader.recycle(batch)
    }
    #expect(batches == 6)
  }

  /// More tasks than batches that a loader has ready: every batch comes to one of them.
  @Test(arguments: [0, 2]) func manyTasksShareALoader(threads: Int) async throws {
    let x = Tensor((0..<600).map { Float($0) }, shape: [300, 2])
    let source = try TensorSamples(x, .labels((0..<300).map { $0 % 3 }, classes: 3))
    let loader = try BatchLoader(source, .init(batchSize: 4, threads: threads, mode: .evaluation))
    let samples = try await withThrowingTaskGroup(of: [Int].self) { group in
      for task in 0..<8 {
        group.addTask {
          var seen: [Int] = []
          while let batch = try loader.next() {
            for (row, sample) in batch.samples.enumerated() {
              #expect(batch.floats(0)[2 * row] == Float(2 * sample))
              #expect(batch.integers(1)[row] == Int64(sample % 3))
            }
            seen += batch.samples
            await Task.yield()
            // What is not given back goes back when it is let go of.
            if task.isMultiple(of: 2) { loader.recycle(batch) }
          }
          return seen
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(samples.sorted() == Array(0..<300))
  }

  /// All batches of a loader can be in use at once, whatever it holds ready.
  @Test(arguments: [0, 1]) func aLoaderMakesAsManyBatchesAsAreInUse(threads: Int) throws {
    let x = Tensor((0..<24).map { Float($0) }, shape: [12, 2])
    let source = try TensorSamples(x, .labels((0..<12).map { $0 % 3 }, classes: 3))
    let loader = try BatchLoader(source, .init(batchSize: 2, threads: threads, ahead: 1, mode: .evaluation))
    func rest(_ depth: Int) throws -> [Int] {
      guard let batch = try loader.next() else { return [] }
      // Held until all others have come.
      let others = try rest(depth + 1)
      return batch.samples + others
    }
    #expect(try rest(0) == Array(0..<12))
  }
}
