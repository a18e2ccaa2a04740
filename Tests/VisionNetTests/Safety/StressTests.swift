import VisionRuntime
import VisionData
import Foundation
import Testing
import VisionCompute
import VisionLayers
import VisionSystem
import VisionTensor
import VisionTraining

@testable import VisionNet

/// Everything that may be shared, used by many tasks at once; worth most under the thread sanitizer.
@Suite(.serialized) struct StressTests {
  private static let tasks = 8

  /// Runs `body` in some tasks at once.
  private static func inTasks(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<tasks { group.addTask { try await body(number) } }
      try await group.waitForAll()
    }
  }

  /// On threads of their own, as callers that are no tasks.
  private static func blocking<Success: Sendable>(
    _ body: @escaping @Sendable () throws -> Success
  ) async throws -> Success {
    try await OwnThread.run { (_) throws(any Error) in try body() }
  }

  @Test func aClassifierIsShared() async throws {
    let classifier = try TinyClassifier.make()
    let images = try (0..<6).map { try TinyClassifier.image($0) }
    let expected = try await classifier.classify(images, top: 1).map { $0[0].label }
    try await Self.inTasks { task in
      for round in 0..<12 {
        let image = (task + round) % images.count
        switch (task + round) % 5 {
        case 0:
          let found = try await classifier.classify(images[image], top: 1)
          #expect(found[0].label == expected[image])
        case 1:
          let found = try await Self.blocking { try classifier.classify(images, top: 1) }
          #expect(found.map { $0[0].label } == expected)
        case 2: _ = try await Self.blocking { try classifier.logits(images[image]) }
        case 3: classifier.releaseMemory()
        default: classifier.idleMemoryLimit = round.isMultiple(of: 2) ? 0 : 1 << 20
        }
      }
    }
    #expect(classifier.idleMemory >= 0)
  }

  @Test func plansWeightsAndThreadsAreShared() async throws {
    let model = try TinyClassifier.model()
    let (weights, executor) = (WeightStore(), Executor(threads: 3))
    let image = try TinyClassifier.image()
    let input = try #require(model.preprocessing).apply(to: image)
    let reference = try Plan(model.graph.bound(batch: 1), parameters: model.parameters)
    let name = reference.inputs[0].name
    let expected = try reference.run([name: input], on: Executor(threads: 1))
    try await Self.inTasks { task in
      let batch = 1 + task % 2
      let plan = try Plan(model.graph.bound(batch: batch), parameters: model.parameters, weights: weights)
      let images = Tensor(
        [[Float]](repeating: input.floats, count: batch).flatMap { $0 },
        shape: Shape([batch] + Array(input.shape.dropFirst())))
      for _ in 0..<4 {
        let results = try plan.run([name: images], on: executor)
        for (output, tensor) in expected {
          let row = try #require(results[output]).floats.prefix(tensor.elementCount)
          #expect(zip(row, tensor.floats).allSatisfy { abs($0 - $1) < 1e-5 })
        }
      }
    }
  }

  @Test func trainersRunAndStopAtOnce() async throws {
    let x = Tensor(Philox(seed: 1).normal(count: 24 * 4), shape: [24, 4])
    let y = Tensor((0..<24).map { Int64($0 % 2) })
    var settings = TrainerSettings()
    settings.batchSize = 4
    let trainer = try Trainer(Dense(2), on: TensorSamples(x, y), settings: settings)
    try await Self.inTasks { task in
      // Trainers of their own, on the same tensors.
      let own = try await Dense(2).fit(x, y, epochs: 2, batchSize: 8)
      #expect(own.result.epochs == 2)
      for round in 0..<6 {
        switch (task + round) % 4 {
        case 0:
          do {
            for try await event in trainer.run(epochs: 100_000) { if case .step = event { break } }
          } catch { #expect((error as? TrainingError)?.code == "busy") }
        case 1: await trainer.stop()
        case 2: _ = try trainer.model.bytes()
        default: _ = (trainer.result, trainer.parameters)
        }
      }
    }
    await trainer.stop()
  }

  @Test func filesAndCachesAreShared() async throws {
    let folder = NSTemporaryDirectory() + "visionnet-stress-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let paths = try (0..<5).map { number in
      let path = "\(folder)/\(number).png"
      try TinyClassifier.image(number).write(to: path)
      return path
    }
    let images = paths.enumerated().map { index, path in
      LabeledImage(path: path, relativePath: "\(index).png", label: index % 2)
    }
    let model = try TinyClassifier.model()
    // Room for some of the images.
    let cache = ImageCache(byteBudget: 40 * 30 * 3 * 3)
    let source = try ImageSamples(images, classes: 2, preprocessing: .squashed(24), cache: cache)
    let loader = try BatchLoader(
      source, .init(batchSize: 2, threads: 2, mode: .training(epochs: 0..<40)))
    try await Self.inTasks { task in
      let path = paths[task % paths.count]
      #expect(try cache.image(at: path).width == 40)
      // All write one file; whoever reads it finds it whole.
      try model.write(to: "\(folder)/model.onnx")
      #expect(try Model(contentsOf: "\(folder)/model.onnx").parameters.count == model.parameters.count)
      for _ in 0..<8 {
        guard let batch = try loader.next() else { break }
        #expect(batch.count == 2 && batch.floats(0).allSatisfy(\.isFinite))
        loader.recycle(batch)
      }
    }
    loader.cancel()
  }
}
