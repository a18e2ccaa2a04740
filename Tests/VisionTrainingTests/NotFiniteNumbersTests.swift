import VisionData
import VisionSystem
import VisionInference
import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@testable import VisionTraining

/// Numbers that are none count neither as right nor as best.
@Suite struct NotFiniteNumbersTests {
  private static let strange: [Float] = [.nan, .infinity, -.infinity]

  @Test(arguments: strange) func metricsCountTheRowAsWrong(_ strange: Float) {
    // In the first and in the last place, since NaN compares false with both of its neighbors.
    let rows: [[Float]] = [
      [strange, 0.9, 0.1], [0.9, 0.1, strange], [strange, strange, strange], [0.8, 0.1, 0.1],
    ]
    let matrix = Matrix(rows: 4, columns: 3, elements: rows.flatMap { $0 })
    for label in 0..<3 {
      let labels = [label, label, label, 0]
      let metrics = ClassificationMetrics(
        probabilities: matrix, labels: labels, names: ["a", "b", "c"], threshold: 0.5)
      #expect(metrics.top1 == 0.25 && metrics.top5 == 0.25)
      #expect(metrics.loss.isFinite && metrics.calibrationError.isFinite)
      #expect(metrics.perClass.map(\.images).reduce(0, +) == 4)
      #expect(metrics.confusion.reduce(0, +) == 1)
      var top = TopAccuracy(1)
      top.add(Predictions(rows: 4, columns: 3, values: matrix.elements, classes: labels))
      #expect(top.value == 0.25)
      let trial = Trial(.common, 1, matrix, labels)
      #expect(trial.top1 == 0.25)
      #expect(Trial.best([trial]) == nil)
      let calibration = Calibration(logits: matrix, labels: labels)
      #expect(calibration.temperature == 1 && calibration.threshold == nil)
    }
    let finite = Trial(.common, 2, Matrix(rows: 1, columns: 2, elements: [1, 0]), [0])
    let broken = Trial(.common, 1, Matrix(rows: 1, columns: 2, elements: [strange, strange]), [0])
    #expect(Trial.best([broken, finite, broken])?.candidate.penalty == 2)
  }

  @Test func severalLabelsAreNotRightEither() {
    var accuracy = LabelAccuracy()
    let batch = Predictions(
      rows: 2, columns: 2, values: [.nan, .nan, .nan, 3], targets: [0, 1, 0, 1])
    accuracy.add(batch)
    #expect(accuracy.value == 0.25)
    var precision = MeanAveragePrecision()
    precision.add(batch)
    #expect(precision.value.isNaN)
  }

  @Test func aFunctionThatGivesNoNumberHasNoMinimum() {
    let lost = LBFGS().minimize(from: [1, 2]) { _, gradient in
      gradient = [.nan, 0]
      return 1
    }
    #expect(lost.value.isNaN)
    // Beyond 3 the gradient is lost: such points are not taken.
    let kept = LBFGS().minimize(from: [0]) { point, gradient in
      gradient[0] = point[0] > 3 ? .nan : 2 * (point[0] - 5)
      return (point[0] - 5) * (point[0] - 5)
    }
    #expect(kept.point[0] <= 3 && kept.value.isFinite)
  }

  private struct Linear: VisionLayers.Network {
    var body: some Layer {
      Flatten().named("flatten")
      Dense(2).named("head")
    }
  }

  @Test func anEpochWithoutANumberIsNeverBest() throws {
    // The training samples are numbers, those to judge by are not.
    var settings = TrainingToy.settings()
    settings.schedule = ConstantSchedule(0.1)
    let large = try TensorSamples(
      Tensor([Float](repeating: .infinity, count: 8 * 36), shape: [8, 1, 6, 6]),
      Tensor([Int64](repeating: 0, count: 8), shape: [8]))
    let trainer = try Trainer(
      Linear(), on: TrainingToy.samples(8), validation: large, settings: settings)
    var reports: [EpochReport] = []
    var notes: [String] = []
    #expect(throws: TrainingError.self) {
      try trainer.runBlocking(
        epochs: 2,
        report: { event in
          if case .epoch(let report) = event { reports.append(report) }
          if case .note(let note) = event { notes.append(note) }
        })
    }
    #expect(reports.count == 2 && reports.allSatisfy { $0.isDiverged && !$0.isBest })
    #expect(reports.allSatisfy { $0.score("top1") == 0 })
    #expect(notes.count == 2 && notes[0].hasPrefix("epoch 1 diverged"))
    #expect(trainer.result == nil)
  }
}
