import VisionInference
import Foundation
import Testing

@testable import VisionTasks

@Suite struct ClassificationMetricsTests {
  private let metrics = ClassificationMetrics(
    probabilities: Matrix(
      rows: 4, columns: 3, elements: [0.7, 0.2, 0.1, 0.5, 0.4, 0.1, 0.1, 0.8, 0.1, 0.2, 0.2, 0.6]),
    labels: [0, 1, 1, 2], names: ["a", "b", "c"], threshold: 0.55)

  @Test func countsAreThoseDoneByHand() {
    #expect(metrics.images == 4)
    #expect(metrics.top1 == 0.75)
    #expect(metrics.top5 == 1)
    #expect(metrics.confusion == [1, 0, 0, 1, 1, 0, 0, 0, 1])
    #expect(abs(metrics.loss + (log(0.7) + log(0.4) + log(0.8) + log(0.6)) / 4) < 1e-6)
    // Each image is alone in its bin: 0.3, 0.5, 0.2 and 0.4 from the truth.
    #expect(abs(metrics.calibrationError - 0.35) < 1e-6)
    #expect(metrics.threshold?.rightKept == 1)
    #expect(metrics.threshold?.wrongRejected == 1)
    #expect(metrics.confusions.map(\.images) == [1])
  }

  @Test func classesHavePrecisionAndRecall() {
    let classes = metrics.perClass
    #expect(classes.map(\.images) == [1, 2, 1])
    #expect(classes.map(\.precision) == [0.5, 1, 1])
    #expect(classes.map(\.recall) == [1, 0.5, 1])
    #expect(classes[0].f1.map { abs($0 - 2.0 / 3) < 1e-12 } == true)
  }

  @Test func topFiveCountsTheRank() {
    let metrics = ClassificationMetrics(
      probabilities: Matrix(
        rows: 2, columns: 6, elements: [0.3, 0.25, 0.2, 0.1, 0.1, 0.05, 0.3, 0.25, 0.2, 0.1, 0.1, 0.05]),
      labels: [4, 5], names: ["a", "b", "c", "d", "e", "f"])
    #expect(metrics.top1 == 0)
    #expect(metrics.top5 == 0.5)
  }

  @Test func whatThereIsNoneOfHasNoShare() {
    let right = ClassificationMetrics(
      probabilities: Matrix(rows: 1, columns: 2, elements: [0.9, 0.1]), labels: [0], names: ["a", "b"],
      threshold: 0.5)
    #expect(right.threshold?.rightKept == 1 && right.threshold?.wrongRejected == nil && right.right == 1)
    let wrong = ClassificationMetrics(
      probabilities: Matrix(rows: 1, columns: 2, elements: [0.9, 0.1]), labels: [1], names: ["a", "b"],
      threshold: 0.5)
    #expect(wrong.threshold?.rightKept == nil && wrong.threshold?.wrongRejected == 0 && wrong.right == 0)
    #expect(!right.hasTop5 && metrics.right == 3)
  }

  @Test func digitsFollowTheWidthOfTheInterval() {
    #expect(WilsonInterval(16, of: 18).places == 0)
    #expect(WilsonInterval(759, of: 800).places == 1)
    #expect(WilsonInterval(9279, of: 10_000).places == 1)
    #expect(WilsonInterval(99_000, of: 100_000).places == 2)
    #expect(WilsonInterval(0, of: 0).places == 0)
    #expect(WilsonInterval(0.75, of: 4) == WilsonInterval(3, of: 4))
    #expect(WilsonInterval(.nan, of: 4) == WilsonInterval(0, of: 4))
  }

  @Test func intervalsAreWilsons() {
    // Published: 15 of 50 lies in 0.1910...0.4375.
    let interval = WilsonInterval(15, of: 50)
    #expect(abs(interval.low - 0.1910) < 1e-4)
    #expect(abs(interval.high - 0.4375) < 1e-4)
    #expect(WilsonInterval(0, of: 10).low == 0)
    #expect(WilsonInterval(10, of: 10).high == 1)
    #expect(WilsonInterval(0, of: 0).high == 1)
  }
}
