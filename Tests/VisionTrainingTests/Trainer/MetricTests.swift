import Testing
import VisionTensor

@testable import VisionTraining

@Suite struct MetricTests {
  private func value(_ metric: some Metric, _ batches: [Predictions]) -> Double {
    var metric = metric
    for batch in batches { metric.add(batch) }
    return metric.value
  }

  @Test func topAccuracy() {
    let batches = [
      Predictions(rows: 2, columns: 3, values: [1, 2, 3, 3, 2, 1], classes: [2, 1]),
      Predictions(rows: 1, columns: 3, values: [5, 5, 5], classes: [1]),
    ]
    #expect(value(TopAccuracy(1), batches) == 1.0 / 3)
    #expect(value(TopAccuracy(2), batches) == 1)
    let mixed = [Predictions(rows: 1, columns: 2, values: [0, 1], targets: [0.3, 0.7])]
    #expect(value(TopAccuracy(), mixed) == 1)
  }

  @Test func errors() {
    let batches = [
      Predictions(rows: 1, columns: 2, values: [1, 2], targets: [0, 0]),
      Predictions(rows: 1, columns: 2, values: [-3, 0], targets: [0, 0]),
    ]
    #expect(value(ErrorMetric(.meanAbsolute), batches) == 1.5)
    #expect(abs(value(ErrorMetric(.rootMeanSquare), batches) - 3.5.squareRoot()) < 1e-12)
  }

  /// scikit-learn: average_precision_score of [1,0,1,0] by [.9,.8,.7,.1] is 0.8333…, of [0,1,1,0] by [.5,.5,.2,.1] is
  /// 0.58333…; a label that is never true does not count.
  @Test func averagePrecision() {
    let scores: [[Float]] = [[0.9, 0.5, 1], [0.8, 0.5, 2], [0.7, 0.2, 3], [0.1, 0.1, 4]]
    let truth: [[Float]] = [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0]]
    let batches = zip(scores, truth).map { Predictions(rows: 1, columns: 3, values: $0, targets: $1) }
    let expected = (0.8333333333333333 + 0.5833333333333333) / 2
    #expect(abs(value(MeanAveragePrecision(), batches) - expected) < 1e-12)
  }

  @Test func labelAccuracy() {
    let batch = Predictions(rows: 2, columns: 2, values: [1, -1, 0, 2], targets: [1, 1, 1, 0])
    #expect(value(LabelAccuracy(), [batch]) == 0.5)
  }
}
