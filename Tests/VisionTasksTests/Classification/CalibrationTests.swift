import VisionInference
import Testing
import VisionTensor

@testable import VisionTasks

@Suite struct CalibrationTests {
  /// Logits whose labels are drawn from softmax(logits / 3): three times too sure.
  private func overconfident(_ count: Int) -> (Matrix, [Int]) {
    let normal = Philox(seed: 4).normal(count: count * 3, stream: 1)
    let uniform = Philox(seed: 4).uniform(count: count, stream: 2)
    let logits = Matrix(rows: count, columns: 3, elements: normal.map { $0 * 6 })
    let truth = SoftmaxRows.probabilities(logits, temperature: 3)
    let labels = (0..<count).map { row in
      var sum: Float = 0
      return truth[row: row].enumerated().first {
        sum += $1; return uniform[row] < sum
      }?.offset ?? 2
    }
    return (logits, labels)
  }

  @Test func findsTheTemperatureThatTheLabelsWereDrawnWith() {
    let (logits, labels) = overconfident(20000)
    let calibration = Calibration(logits: logits, labels: labels)
    #expect(abs(calibration.temperature - 3) < 0.1)
    let metrics = ClassificationMetrics(
      probabilities: SoftmaxRows.probabilities(logits, temperature: calibration.temperature), labels: labels,
      names: ["a", "b", "c"], threshold: calibration.threshold)
    #expect(metrics.calibrationError < 0.015)
    let raw = ClassificationMetrics(
      probabilities: SoftmaxRows.probabilities(logits), labels: labels, names: ["a", "b", "c"])
    #expect(raw.calibrationError > 0.1)
    #expect(abs((metrics.threshold?.rightKept ?? 0) - Calibration.keptPart) < 0.001)
  }

  @Test func aHandfulOfImagesDoesNotMakeItCertain() {
    let logits = Matrix(rows: 3, columns: 2, elements: [1, 0, 0, 1, 1, 0])
    let calibration = Calibration(logits: logits, labels: [0, 1, 0])
    #expect(calibration.temperature > 0.5 && calibration.temperature < 1)
    #expect(calibration.threshold == nil)
  }

  @Test func withoutImagesNothingIsChanged() {
    #expect(
      Calibration(logits: Matrix(rows: 0, columns: 2), labels: [])
        == Calibration(temperature: 1, threshold: nil))
  }
}
