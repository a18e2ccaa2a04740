import Testing
import VisionData
import VisionGraph
import VisionLayers
import VisionSystem
import VisionTensor

@testable import VisionTraining

/// Numbers that are none count neither as right nor as best.
@Suite struct NotFiniteNumbersTests {
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
