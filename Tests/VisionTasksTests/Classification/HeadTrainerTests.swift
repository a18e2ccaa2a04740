import VisionInference
import Testing
import VisionCompute

@testable import VisionTasks

@Suite struct HeadTrainerTests {
  private let trainer = HeadTrainer(classes: 3, executor: Executor(threads: 1))

  @Test func theBestSettingIsTheOneThatValidatesBest() throws {
    let data = LogisticRegressionTests.clouds(600)
    let selection = trainer.select(
      training: data.selecting(Array(0..<300)), validation: data.selecting(Array(300..<600)))
    #expect(selection.folds == 0)
    let smallest = try #require(selection.candidates.compactMap(\.loss).min())
    let best = try #require(selection.best.loss)
    #expect(best < smallest + 0.1)
    // Three clouds at distances of 2√2 deviations: about 0.85 of them can be told apart.
    #expect(try #require(selection.best.top1) > 0.8)
    #expect(Set(selection.candidates.map(\.scaling)).count == 2)
  }

  @Test func fewImagesAreHeldBackInTurn() throws {
    let data = LogisticRegressionTests.clouds(60)
    let selection = trainer.select(
      training: data.selecting(Array(0..<48)), validation: data.selecting(Array(48..<60)))
    #expect(selection.folds == 5)
    #expect(selection.calibration.threshold != nil)
    // Each is held back once, and most are told apart by a layer that has not seen them.
    let (positions, logits) = selection.heldBack
    #expect(positions.sorted() == Array(0..<60))
    let right = positions.enumerated().count { row, position in
      let numbers = Array(logits[row: row])
      return numbers.firstIndex(of: numbers.max() ?? 0) == data.labels[position]
    }
    #expect(Double(right) / 60 == selection.best.top1)
    #expect(right > 40)
    #expect(trainer.select(training: data, validation: data.selecting([])).folds == 5)
  }

  @Test func twoImagesAClassAreEnough() throws {
    let data = LogisticRegressionTests.clouds(6)
    let selection = trainer.select(training: data, validation: data.selecting([]))
    #expect(selection.folds == 2)
    #expect(selection.best.loss?.isFinite == true)
  }

  @Test func oneImageAClassGivesTheStandardSetting() throws {
    let data = LogisticRegressionTests.clouds(3)
    let selection = trainer.select(training: data, validation: data.selecting([]))
    #expect(selection.best.loss == nil)
    #expect(selection.calibration == Calibration(temperature: 1, threshold: nil))
    let head = trainer.fit(data, scaling: .common, penalty: selection.best.penalty)
    let logits = head.logits(data.features, on: Executor(threads: 1))
    for row in 0..<3 { #expect(logits[row: row].max() == logits.elements[row * 3 + row]) }
  }

  @Test func featuresThatNeverDifferDoNoHarm() {
    let features = Matrix(rows: 4, columns: 2, elements: [1, 0, 1, 0, 1, 0, 1, 0])
    let data = HeadTrainer.Examples(features: features, labels: [0, 1, 2, 0])
    let head = trainer.fit(data, scaling: .standard, penalty: 0.1)
    let isFinite = (head.weights + head.biases).allSatisfy(\.isFinite)
    #expect(isFinite)
  }
}
