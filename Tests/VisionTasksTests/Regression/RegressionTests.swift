import Testing
import VisionData
import VisionGraph
import VisionInference
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

@Suite struct RegressionTests {
  private struct Body: VisionLayers.Network {
    var body: some Layer {
      Dense(12).named("hidden")
      Tanh().named("tanh")
    }
  }

  /// Rows of three columns of very different sizes, and a number and its like that follow from them.
  private static func rows(_ count: Int, seed: UInt64) throws -> TableSamples {
    let noise = Philox(seed: seed).normal(count: 3 * count).map { Double($0) }
    var (rows, numbers): ([[Double]], [[Double]]) = ([], [])
    for row in 0..<count {
      let (a, b, c) = (noise[3 * row], noise[3 * row + 1], noise[3 * row + 2])
      rows.append([1000 + 50 * a, 0.001 * b, c - 7])
      numbers.append([200_000 + 40_000 * a - 30_000 * b + 5000 * c, 0.2 * b * b])
    }
    return try TableSamples(rows, numbers)
  }

  private static func task(_ rows: TableSamples) throws -> Regression {
    try Regression(rows, columns: ["area", "slope", "height"], predicting: ["price", "risk"])
  }

  private static var settings: TrainerSettings {
    var settings = TrainerSettings()
    settings.seed = 3
    settings.batchSize = 8
    settings.schedule = CosineSchedule(0.02)
    return settings
  }

  @Test func aTableIsLearned() throws {
    let rows = try Self.rows(96, seed: 1)
    let data = Dataset(
      name: "houses", training: rows, validation: try Self.rows(40, seed: 2), test: try Self.rows(30, seed: 4)
    )
    let run = try TrainingRun(
      Self.task(rows), on: data, from: .layers(Body()), epochs: 60, settings: Self.settings)
    let outcome = try run.run()
    let folder = try SampleFolder()
    try outcome.model.write(to: folder.file("houses.onnx"))
    let model = try Model(contentsOf: folder.file("houses.onnx"))
    let pipeline = try InferencePipeline<Regression>(model)
    let test = try Self.rows(30, seed: 4)
    var errors: [Double] = []
    for index in 0..<test.count {
      let sample = test.sample(index)
      let found = try #require(try pipeline.predict([sample.subject]).first)
      let truth = try #require(sample.truth).values
      errors.append(abs(found[0] - truth[0]))
      #expect(found.count == 2)
    }
    // The price's own deviation is about 50,000.
    #expect(errors.reduce(0, +) / 30 < 6000)
    let mae = try #require(outcome.test?.scores.first { $0.name == "mae" }).value
    // Over both columns, of which the second is small.
    #expect(abs(2 * mae - errors.reduce(0, +) / 30) < 10)
    #expect(outcome.stages[0].training?.history.count == 60)
  }

  @Test func isATask() throws {
    let rows = try Self.rows(21, seed: 5)
    try checkTask(
      Self.task(rows), on: Dataset(name: "houses", training: rows, validation: try Self.rows(9, seed: 6)),
      from: .layers(Body()), settings: Self.settings, perfect: { $0 }
    ) { prediction, truth in
      zip(prediction, truth.values).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($1), 0.2) }
    }
  }

  /// A head of its own on what another network for tables makes of the rows, and then all of it.
  @Test func aNetworkIsFineTuned() throws {
    let rows = try Self.rows(48, seed: 7)
    let data = Dataset(name: "houses", training: rows, validation: try Self.rows(20, seed: 8))
    let first = try TrainingRun(
      Self.task(rows), on: data, from: .layers(Body()), epochs: 8, settings: Self.settings
    ).run()
    let folder = try SampleFolder()
    var settings = Self.settings
    settings.folder = folder.path
    let run = try TrainingRun(
      Self.task(rows), on: data, from: .pretrained(first.model), .fineTune(.all), epochs: 4,
      settings: settings)
    let outcome = try run.run()
    #expect(outcome.stages.map(\.stage.name) == ["head", "fine-tuning"])
    // The first stage has solved the head, and the second has trained what comes before it, too.
    #expect(outcome.stages[0].training == nil)
    let tuned = try #require(outcome.stages[1].training)
    #expect(tuned.parameters["hidden.weight"] != first.model.parameters["hidden.weight"])
    // A solved head is at least as good as one that was found by steps; what follows learns from there.
    let scores = outcome.stages.map { $0.scores[0].value }
    #expect(scores[0] < (first.validation?.scores[0].value ?? 0) * 1.02)
    #expect(outcome.stages.map(\.isKept) == [scores[0] <= scores[1], scores[1] < scores[0]])
    #expect(try run.run().model.bytes() == outcome.model.bytes())
    #expect(try Checkpoint(contentsOf: folder.path).stage["stage"] == "fine-tuning")
  }

  /// By least squares, what is linear in the embedding is found to the last digits.
  @Test func headsAreSolved() throws {
    let noise = Philox(seed: 9).normal(count: 40 * 3)
    let embeddings = Tensor(noise, shape: [40, 3])
    let truths = (0..<40).map { row -> Numbers in
      let x = (0..<3).map { Double(noise[3 * row + $0]) }
      return Numbers([5 + 2 * x[0] - x[1], 100 - 30 * x[2]])
    }
    let rows = try TableSamples(truths.map { [$0.values[0]] }, truths.map(\.values))
    let task = try Regression(rows, columns: ["x"], predicting: ["a", "b"])
    let head = try #require(task.solveHead(embeddings, truths))
    let (weights, biases) = (try #require(head["head.weight"]), try #require(head["head.bias"]))
    #expect(weights.shape == [2, 3] && biases.shape == [2])
    for (row, truth) in truths.enumerated() {
      for column in 0..<2 {
        let sum = (0..<3).reduce(biases.floats[column]) {
          $0 + weights.floats[3 * column + $1] * noise[3 * row + $1]
        }
        #expect(abs(Double(sum) - Double(task.predicted[column].scaled(truth.values[column]))) < 1e-3)
      }
    }
    #expect(task.solveHead(Tensor(repeating: Float(1), shape: [40, 3]), truths) == nil)
  }

  /// Several stages by steps have a folder each, and are not trained again.
  @Test func stagesBySteps() throws {
    let rows = try Self.rows(16, seed: 7)
    let folder = try SampleFolder()
    var settings = Self.settings
    settings.folder = folder.path
    let recipe = Recipe([
      Recipe.Stage(name: "first", method: .descend, part: .head),
      Recipe.Stage(name: "second", method: .descend, part: .blocks(1)),
    ])
    let run = try TrainingRun(
      Self.task(rows), on: Dataset(name: "houses", training: rows), from: .layers(Body()), recipe, epochs: 2,
      settings: settings)
    let outcome = try run.run()
    let start = run.graph.initialParameters(seed: settings.seed)
    #expect(outcome.stages[0].training?.parameters["hidden.weight"] == start["hidden.weight"])
    #expect(outcome.stages[1].training?.parameters["hidden.weight"] != start["hidden.weight"])
    // Without validation samples the last one is kept.
    #expect(outcome.stages.map(\.isKept) == [false, true])
    for stage in ["first", "second"] {
      #expect(try Checkpoint(contentsOf: folder.file(stage)).position.epoch == 2)
    }
    var steps = 0
    let again = try run.run(report: { event in if case .training(.step) = event { steps += 1 } })
    #expect(steps == 0)
    #expect(try again.model.bytes() == outcome.model.bytes())
  }

  /// Cancelling the task ends it after the step that it is in, with a checkpoint from which it goes on.
  @Test func aCancelledRunGoesOn() async throws {
    let rows = try Self.rows(24, seed: 3)
    let folder = try SampleFolder()
    func run(_ folder: SampleFolder?) throws -> TrainingRun<Regression> {
      var settings = Self.settings
      settings.folder = folder?.path
      return try TrainingRun(
        Self.task(rows), on: Dataset(name: "houses", training: rows), from: .layers(Body()), epochs: 3,
        settings: settings)
    }
    let whole = try await run(nil).run()
    let stopped = try run(folder)
    let task = Task {
      try await stopped.run()
    }
    task.cancel()
    let error = await #expect(throws: TrainingError.self) { _ = try await task.value }
    #expect(error?.kind == .interrupted)
    #expect(try await run(folder).run().model.bytes() == whole.model.bytes())
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func code(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return (error as? any VisionError)?.code }
      return nil
    }
    let rows = try Self.rows(12, seed: 1)
    #expect(code { _ = try TableSamples([[1]], []) } == "shape")
    #expect(code { _ = try Regression(rows, columns: ["a"], predicting: ["b", "c"]) } == "shape")
    #expect(code { _ = try Regression(rows, columns: [], predicting: ["b"]) } == "data")
    #expect(
      code { _ = try Regression(TableSamples([[.nan]], [[1]]), columns: ["a"], predicting: ["b"]) }
        == "notFinite")
    // A column that does not vary says nothing, and does no harm.
    let constant = try Regression(TableSamples([[4], [4]], [[1], [2]]), columns: ["a"], predicting: ["b"])
    #expect(constant.input.columns[0].deviation == 1)
    let task = try Self.task(rows)
    let outcome = try TrainingRun(
      task, on: Dataset(name: "x", training: rows), from: .layers(Body()), epochs: 1, settings: Self.settings
    ).run()
    #expect(outcome.validation == nil && outcome.stages[0].isKept)
    let pipeline = try InferencePipeline<Regression>(outcome.model)
    #expect(code { _ = try pipeline.predict([[1, 2]]) } == "shape")
    #expect(code { _ = try pipeline.predict([[1, 2, .infinity]]) } == "notFinite")
    var other = outcome.model
    other.signature.details["predicted"] = nil
    #expect(code { _ = try Regression(other) } == "network")
    other.signature.task = "detection"
    #expect(code { _ = try Regression(other) } == "network")
  }
}
