import VisionData
import VisionSystem
import Testing
import VisionGraph
import VisionTensor

@testable import VisionTraining

/// Targets are what the source says they are.
@Suite struct LoaderBatchesTests {
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
    return settings
  }

  private static func code(_ body: () throws(TrainingError) -> Void) -> String? {
    do throws(TrainingError) { try body() } catch { return error.code }
    return nil
  }

  @Test(arguments: [true, false])
  func valuesAreARegression(namesLoss: Bool) throws {
    let (data, held) = (Self.table(64), Self.table(30, seed: 2))
    let training = try LoaderBatches(
      TensorBatchSource(data.x, .values(data.y)), batchSize: 16, isTraining: true, threads: 2)
    #expect(training.target == .values && training.classCounts == nil)
    let validation = try LoaderBatches(
      TensorBatchSource(held.x, .values(held.y)), batchSize: 16, isTraining: false)
    let result = try Trainer(
      TrainingToy.Table(), on: training, validation: validation,
      settings: Self.settings(namesLoss ? MeanSquaredError() : nil)
    ).runBlocking(epochs: 40)
    // The values' own deviation is above 1.
    #expect(try #require(result.best?.score("rmse")) < 0.2)
  }

  /// The order of samples apart, a loader gives what tensors give: the same loss of the same weights.
  @Test func aLoaderJudgesAsTensorsDo() throws {
    let data = Self.table(30)
    let graph = try TrainingToy.Table().graph(sample: [3])
    let parameters = graph.initialParameters(seed: 4)
    let evaluator = Evaluator(graph, loss: MeanSquaredError())
    let loader = try LoaderBatches(
      TensorBatchSource(data.x, .values(data.y)), batchSize: 8, isTraining: false)
    let tensors = try TensorBatches(data.x, data.y, batchSize: 8, order: .sequential)
    let metrics: [any Metric] = [ErrorMetric(.meanAbsolute)]
    let scores = try evaluator.scores(of: parameters, on: loader, metrics: metrics)
    #expect(try scores == evaluator.scores(of: parameters, on: tensors, metrics: metrics))
  }

  @Test func zerosAndOnesCountAsLabels() throws {
    let x = Tensor([0, 1, 2] as [Float], shape: [3, 1])
    let y = Tensor([1, 0, 1, 1, 0, 0] as [Float], shape: [3, 2])
    let values = try LoaderBatches(TensorBatchSource(x, .values(y)), batchSize: 2, isTraining: true)
    #expect(values.target == .values && values.classCounts == [2, 1])
    let shares = Tensor([0.7, 0.3, 0.1, 0.9, 0.6, 0.4] as [Float], shape: [3, 2])
    let source = try TensorBatchSource(x, .distribution(shares))
    #expect(source.target == .distribution)
    let distribution = try LoaderBatches(source, batchSize: 2, isTraining: true)
    #expect(distribution.target == .distribution && distribution.classCounts == [2, 1])
  }

  @Test func probabilitiesAreLearned() throws {
    let x = TrainingToy.images(24)
    let classes = TrainingToy.classes(of: x).integers
    let shares = classes.flatMap { $0 == 0 ? [0.9, 0.1] : [0.1, 0.9] as [Float] }
    let source = try TensorBatchSource(x, .distribution(Tensor(shares, shape: [24, 2])))
    let result = try Trainer(
      TrainingToy.Network(drops: 0), on: LoaderBatches(source, batchSize: 8, isTraining: true),
      validation: LoaderBatches(source, batchSize: 8, isTraining: false), settings: Self.settings(nil)
    ).runBlocking(epochs: 30)
    #expect(try #require(result.best?.score("top1")) > 0.9)
  }

  @Test func mixedClassesAreProbabilitiesAndMixedValuesAreValues() throws {
    let x = TrainingToy.images(8)
    let labels = TrainingToy.classes(of: x).integers
    let mixing = BatchMixing(mixUp: 0.4)
    let classes = try LoaderBatches(
      TensorBatchSource(x, .labels(labels, classes: 2)), batchSize: 4, isTraining: true, mixing: mixing)
    #expect(classes.target == .distribution)
    #expect(classes.classCounts == [labels.count { $0 == 0 }, labels.count { $0 == 1 }])
    let values = try LoaderBatches(
      TensorBatchSource(x, .values(Tensor((0..<8).map { Float($0) }, shape: [8, 1]))), batchSize: 4,
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
        let batches = try LoaderBatches(
          TensorBatchSource(data.x, .values(y)), batchSize: 4, isTraining: true)
        try Trainer(TrainingToy.Table(outputs: 2), on: batches, settings: Self.settings(nil))
          .runBlocking(epochs: 1)
      } == "data")
  }

  /// A source of one's own that says what it likes.
  private struct Liar: BatchSource {
    let count = 9
    let sampleShape: Shape = [2]
    let targetCount = 2
    func label(of sample: Int) -> Int { sample == 7 ? 5 : sample % 2 }
    func makeReader(seed: UInt64) -> any SampleReader { Reader() }

    private final class Reader: SampleReader {
      func read(_ sample: Int, epoch: Int, into input: UnsafeMutableBufferPointer<Float>) {
        input.update(repeating: Float(sample))
      }
    }
  }

  @Test func labelsOutsideAreRefused() throws {
    #expect(
      Self.code { () throws(TrainingError) in _ = try LoaderBatches(Liar(), batchSize: 3, isTraining: true) }
        == "label")
    let loader = try BatchLoader(Liar(), .init(batchSize: 3, mode: .evaluation))
    for _ in 0..<2 { _ = try loader.next() }
    let code = Self.code { () throws(TrainingError) in _ = try loader.next() }
    #expect(code == "label")
  }

  /// More tasks than batches that a loader has ready: every batch comes to one of them.
  @Test func manyTasksShareALoader() async throws {
    let x = Tensor((0..<600).map { Float($0) }, shape: [300, 2])
    let source = try TensorBatchSource(x, .labels((0..<300).map { $0 % 3 }, classes: 3))
    let loader = try BatchLoader(source, .init(batchSize: 4, threads: 2, mode: .evaluation))
    let samples = try await withThrowingTaskGroup(of: [Int].self) { group in
      for task in 0..<8 {
        group.addTask {
          var seen: [Int] = []
          while let batch = try loader.next() {
            for (row, sample) in batch.samples.enumerated() {
              #expect(batch.images[2 * row] == Float(2 * sample) && batch.labels[row] == sample % 3)
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
  @Test func aLoaderMakesAsManyBatchesAsAreInUse() throws {
    let x = Tensor((0..<24).map { Float($0) }, shape: [12, 2])
    let source = try TensorBatchSource(x, .labels((0..<12).map { $0 % 3 }, classes: 3))
    let loader = try BatchLoader(source, .init(batchSize: 2, ahead: 1, mode: .evaluation))
    func rest(_ depth: Int) throws -> [Int] {
      guard let batch = try loader.next() else { return [] }
      // Held until all others have come.
      let others = try rest(depth + 1)
      return batch.samples + others
    }
    #expect(try rest(0) == Array(0..<12))
  }
}
