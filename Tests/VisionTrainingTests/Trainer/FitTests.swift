import VisionData
import Testing
import VisionGraph
import VisionImage
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTestSupport

@testable import VisionTraining

/// Other targets than classes.
@Suite struct FitTests {
  @Test func regressionConverges() throws {
    let x = Tensor(Philox(seed: 3).normal(count: 64 * 3), shape: [64, 3])
    let numbers = x.floats
    let y = Tensor(
      (0..<64).map { (row: Int) -> Float in 0.5 * numbers[row * 3] - numbers[row * 3 + 1] + 0.2 })
    var settings = TrainingToy.settings()
    settings.schedule = CosineSchedule(0.05)
    let network = try TrainingToy.Table().fit(
      x, y, epochs: 60, batchSize: 16, validation: (x, y), settings: settings)
    let (history, bestEpoch) = (network.result.history, network.result.best)
    let first = try #require(history.first?.score("rmse"))
    let best = try #require(bestEpoch?.score("rmse"))
    #expect(best < 0.1 && best < first / 5, "\(first) to \(best)")
    let predicted = try network.predict(x)
    #expect(predicted.shape == [64, 1])
    var square = 0.0
    for (own, truth) in zip(predicted.floats, y.floats) {
      square += Double(own - truth) * Double(own - truth)
    }
    #expect(abs((square / 64).squareRoot() - best) < 1e-5)
  }

  @Test func severalLabelsAreLearned() throws {
    let x = Tensor(Philox(seed: 4).normal(count: 64 * 3), shape: [64, 3])
    let y = Tensor(x.floats.map { $0 > 0.3 ? Float(1) : 0 }, shape: [64, 3])
    var settings = TrainingToy.settings()
    settings.loss = BinaryCrossEntropy()
    settings.classWeights = .balanced
    settings.schedule = CosineSchedule(0.05)
    let network = try TrainingToy.Table(outputs: 3).fit(
      x, y, epochs: 40, batchSize: 16, validation: (x, y), settings: settings)
    let best = try #require(network.result.best)
    #expect((best.score("map") ?? 0) > 0.97)
    #expect((best.score("label_accuracy") ?? 0) > 0.93)
  }

  @Test func mixedClassesAreLearned() throws {
    let x = TrainingToy.images(32)
    let classes = TrainingToy.classes(of: x).integers
    let mixed = Tensor(classes.flatMap { $0 == 0 ? [Float(0.9), 0.1] : [0.1, 0.9] }, shape: [32, 2])
    let data = try TensorSamples(x, mixed, target: .distribution)
    let held = try TensorSamples(x, TrainingToy.classes(of: x))
    var settings = TrainingToy.settings()
    settings.batchSize = 8
    settings.loss = SoftmaxCrossEntropy(labelSmoothing: 0.1)
    let result = try Trainer(
      TrainingToy.Network(drops: 0), on: data, validation: held, settings: settings
    ).runBlocking(epochs: 15)
    #expect((result.best?.score("top1") ?? 0) > 0.9)
  }

  /// A metric of one's own.
  private struct LargestError: Metric {
    let name = "largest_error"
    let prefersLarger = false
    private var largest: Float = 0
    mutating func add(_ batch: Predictions) {
      for (p, t) in zip(batch.values, batch.targets) { largest = max(largest, abs(p - t)) }
    }
    var value: Double { Double(largest) }
  }

  /// An optimizer of one's own: the sign of the gradient alone.
  private struct SignDescent: Optimizer {
    var slotCount: Int { 0 }
    func update(_ part: borrowing ParameterPart) {
      for index in part.weights.indices {
        let g = part.gradient[index]
        // Not `-=`: with -sanitize=thread the compiler of Swift 6.3 breaks on that here.
        let weight = part.weights[index]
        part.weights[index] = weight - (g > 0 ? part.rate : g < 0 ? -part.rate : 0)
      }
    }
  }

  @Test func metricAndOptimizerOfOnesOwn() throws {
    let x = Tensor(Philox(seed: 3).normal(count: 32 * 2), shape: [32, 2])
    let y = Tensor((0..<32).map { x.floats[$0 * 2] })
    var settings = TrainingToy.settings()
    settings.metrics = [LargestError()]
    settings.optimizer = SignDescent()
    settings.schedule = CosineSchedule(0.02)
    settings.loss = HuberLoss()
    let network = try TrainingToy.Table().fit(
      x, y, epochs: 40, batchSize: 8, validation: (x, y), settings: settings)
    let scores = network.result.history.compactMap { $0.score("largest_error") }
    #expect(scores.count == 40)
    #expect(network.result.best?.score("largest_error") == scores.min())
    #expect((scores.min() ?? 9) < (scores.first ?? 0) / 2)
    let largest = try zip(network.predict(x).floats, y.floats).map { abs($0 - $1) }.max() ?? 0
    #expect(abs(Double(largest) - (scores.min() ?? 0)) < 1e-5)
  }
}
