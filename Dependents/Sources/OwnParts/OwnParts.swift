import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Uses VisionNet as a program of others does, with parts of its own, and ends with status 1 where one does not work.
@main struct OwnParts {
  static func main() async {
    do {
      try runsItsOwnKernel()
      try learnsByItsOwnLoss()
      try trainsItsOwnLayer()
      try trainsItsOwnTask()
      try await classifies()
    } catch {
      print("error: \(error)")
      exit(1)
    }
  }

  private static func require(_ isTrue: Bool, _ what: String) {
    print("\(isTrue ? "ok" : "FAILED"): \(what)")
    if !isTrue { exit(1) }
  }

  private static func settings(_ rate: Double) -> TrainerSettings {
    var settings = TrainerSettings()
    settings.seed = 1
    settings.schedule = .cosine(rate)
    return settings
  }

  private static func runsItsOwnKernel() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.symbolic("N"), .fixed(700)])
    try builder.output("y", builder.add(Square(), x))
    let plan = try Plan(builder.graph.bound(batch: 4), parameters: Parameters())
    let input = Tensor(Philox(seed: 2).normal(count: 2800), shape: [4, 700])
    let output = try plan.run(["x": input], on: Executor())["y"]?.floats
    require(output == input.floats.map { $0 * $0 }, "an operator's own kernel gives x²")
    require(plan.referenceNodes.isEmpty, "and the plan runs it, not the reference")
  }

  private static func learnsByItsOwnLoss() throws {
    let x = Tensor(Philox(seed: 3).normal(count: 400), shape: [200, 2])
    let numbers = x.floats
    let heights: [Float] = (0..<200).map { 3 * numbers[2 * $0] - numbers[2 * $0 + 1] + 0.5 }
    let y = Tensor(heights, shape: [200, 1])
    var settings = settings(0.05)
    settings.loss = RelativeSquaredError()
    settings.metrics = [LargestError()]
    let result = try Dense(1).fit(x, y, epochs: 60, validation: (x, y), settings: settings).result
    let error = result.best?.score("largest_error") ?? .infinity
    require(error < 0.1, "a loss of whole batches fits a plane: off by \(error) at most")
  }

  private static func trainsItsOwnLayer() throws {
    let rings = Rings(300, seed: 4)
    let points = (0..<300).flatMap { [rings.point($0).x, rings.point($0).y] }
    let network = Sequential {
      Quadratic().named("quadratic")
      Dense(2).named("head")
    }
    let trainer = try trainer(network, Tensor(points, shape: [300, 2]), (0..<300).map { $0 % 2 })
    try trainer.runBlocking(epochs: 30)
    let top1 = trainer.result?.best?.score("top1") ?? 0
    require(top1 > 0.95, "a layer of one's own tells rings apart: \(top1)")
  }

  private static func trainer(_ network: some Layer, _ x: Tensor, _ labels: [Int]) throws -> Trainer {
    let samples = try TensorSamples(x, .labels(labels, classes: 2))
    return try Trainer(network, on: samples, validation: samples, settings: settings(0.05))
  }

  private static func trainsItsOwnTask() throws {
    let data = Dataset(name: "rings", training: Rings(300, seed: 4), validation: Rings(100, seed: 5))
    let run = try TrainingRun(
      RingTask(), on: data, from: .layers(Quadratic().named("quadratic")), epochs: 30,
      settings: settings(0.05))
    let outcome = try run.run()
    let right = outcome.validation?.scores.first?.value ?? 0
    require(right > 0.95, "a task of one's own is trained: \(right)")
    let pipeline = try InferencePipeline<RingTask>(outcome.model)
    let answers = try pipeline.predict([SIMD2(0, 1), SIMD2(1.4, 1.4), SIMD2(-2, 0.1)])
    require(answers.map(\.ring) == [0, 1, 1], "and reads points and gives rings")
    require(pipeline.task.record(answers[1]).rows[0][0] == "1", "and writes them down")
  }

  private static func classifies() async throws {
    let noise = Philox(seed: 6).normal(count: 40 * 64)
    let pixels: [Float] = noise.enumerated().map { index, number in
      0.05 * number + (index / 64 % 2 == 0 ? 0.2 : 0.8)
    }
    let x = Tensor(pixels, shape: [40, 1, 8, 8])
    let network = Sequential {
      Conv2D(4, kernel: 3)
      ReLU()
      GlobalAveragePool()
      Dense(2)
    }
    let trainer = try trainer(network, x, (0..<40).map { $0 % 2 })
    for try await event in trainer.run(epochs: 30) {
      if case .epoch(let report) = event, report.trainingLoss < 0.05 { break }
    }
    await trainer.stop()
    let preprocessing = try Preprocessing(
      width: 8, height: 8, fit: .squash, channels: .gray, scale: [1 / 255.0])
    let classifier = try trainer.classifier(labels: ["dark", "bright"], preprocessing: preprocessing)
    let image = try Image(width: 9, height: 9, pixels: [UInt8](repeating: 210, count: 9 * 9 * 3))
    let best = try await classifier.classify(encoded: image.pngData(), top: 1)
    require(best.first?.label == "bright", "bytes of a file are classified: \(best)")
    do {
      _ = try await classifier.classify(encoded: [1, 2, 3])
      require(false, "what is no image is refused")
    } catch { require(error.blame == .data, "what is no image is refused: \(error)") }
  }
}
