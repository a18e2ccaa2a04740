import VisionData
import VisionSystem
import VisionInference
import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@testable import VisionTasks
@testable import VisionTraining

/// Numbers that are none count neither as right nor as best.
@Suite struct NotFiniteProbabilitiesTests {
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
}
