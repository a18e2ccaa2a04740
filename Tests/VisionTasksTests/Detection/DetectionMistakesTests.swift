import Testing
import VisionData

@testable import VisionTasks

@Suite struct DetectionMistakesTests {
  private func box(_ x: Double) -> Box { Box(x: x, y: 0, width: 100, height: 100) }

  /// An image with one of each: two cats and a dog that are found, one cat twice, and so on.
  private var sample: DetectionSample {
    func truth(_ index: Int, _ x: Double, crowd: Bool = false) -> TrueBox {
      TrueBox(classIndex: index, box: box(x), isCrowd: crowd)
    }
    func found(_ index: Int, _ score: Double, _ x: Double) -> ScoredBox {
      ScoredBox(classIndex: index, score: score, box: box(x))
    }
    return DetectionSample(
      truths: [
        truth(0, 0), truth(0, 1000), truth(1, 2000), truth(0, 3000), truth(1, 4000), truth(0, 5000),
        truth(1, 6000, crowd: true),
      ],
      detections: [
        found(0, 0.95, 0), found(1, 0.6, 2000), found(0, 0.5, 20), found(0, 0.9, 1040), found(1, 0.8, 3010),
        found(0, 0.7, 4050), found(1, 0.4, 9000), found(1, 0.3, 6000), found(0, 0.1, 9000),
      ])
  }

  private func evaluation(_ samples: [DetectionSample]) throws -> DetectionEvaluation {
    var evaluation = DetectionEvaluation(classes: ["cat", "dog"])
    for sample in samples { try evaluation.add(sample) }
    return evaluation
  }

  @Test func eachMistakeHasItsKind() throws {
    let mistakes = try evaluation([sample]).mistakes()
    func found(_ kind: DetectionMistake.Kind) -> [[Int?]] {
      mistakes.mistakes.filter { $0.kind == kind }.map { [$0.detection, $0.truth] }
    }
    #expect(found(.duplicate) == [[2, 0]])
    // 60 of 140 pixels in common.
    #expect(found(.localization) == [[3, 1]])
    #expect(found(.classification) == [[4, 3]])
    // 50 of 150, and a dog.
    #expect(found(.both) == [[5, nil]])
    // What lies in the crowd is sorted into the kinds, too, as tidecv does.
    #expect(found(.background) == [[6, nil], [7, nil], [8, nil]])
    #expect(found(.missed) == [[nil, 4], [nil, 5]])
    #expect(mistakes.mistakes.allSatisfy { $0.image == 0 })
    #expect(DetectionMistake.Kind.allCases.map(mistakes.count) == [1, 1, 1, 1, 3, 2])
  }

  /// One cat found with a false alarm before it: without that the precision would be 1.
  @Test func aKindCostsWhatCorrectingItBrings() throws {
    let one = DetectionSample(
      truths: [TrueBox(classIndex: 0, box: box(0))],
      detections: [
        ScoredBox(classIndex: 0, score: 0.9, box: box(500)),
        ScoredBox(classIndex: 0, score: 0.5, box: box(0)),
      ])
    let mistakes = try evaluation([one]).mistakes()
    #expect(abs(try #require(mistakes.averagePrecision) - 0.5) < 1e-12)
    #expect(abs(try #require(mistakes.costs[.background]) - 0.5) < 1e-12)
    #expect(mistakes.costs[.missed] == 0 && mistakes.costs.count == 6)
    #expect(abs(mistakes.falseAlarmCost - 0.5) < 1e-12 && abs(mistakes.missCost) < 1e-12)
  }

  @Test func theMatrixHasTheBackground() throws {
    let confusion = try evaluation([sample]).confusion(confidence: 0.35)
    #expect(confusion.classes == 2 && confusion.counts.count == 9)
    #expect(confusion[truth: 0, detection: 0] == 1 && confusion[truth: 1, detection: 1] == 1)
    // The cat at 3000 is taken for a dog; the cats at 1000 and 5000 and the dog at 4000 are not found.
    #expect(confusion[truth: 0, detection: 1] == 1 && confusion[truth: 1, detection: 0] == 0)
    #expect(confusion[truth: 0, detection: nil] == 2 && confusion[truth: 1, detection: nil] == 1)
    // The copy, the badly placed one and the one over a dog; what lies in the crowd is left out.
    #expect(confusion[truth: nil, detection: 0] == 3 && confusion[truth: nil, detection: 1] == 1)
    let low = try evaluation([sample]).confusion(confidence: 0)
    #expect(low[truth: nil, detection: 1] == 1 && low[truth: nil, detection: 0] == 4)
    let strict = try evaluation([sample]).confusion(confidence: 0, iou: 1)
    #expect(strict[truth: 0, detection: 0] == 1 && strict[truth: 0, detection: 1] == 0)
  }

  /// The diagonal are the hits that F1 counts, as long as no image has more than 100 detections of a class.
  @Test func theDiagonalAreTheHits() throws {
    for seed in [3, 5, 7, 11, 14] {
      let set = try RandomDetections.set(seed)
      let metrics = set.metrics()
      for step in [0, 30, 55] {
        let confusion = try set.confusion(confidence: Double(step) / 100)
        for (index, part) in metrics.perClass.enumerated() where part.truths > 0 {
          let recall = try #require(part.confidence.points[step].recall)
          let hits = Double(confusion[truth: index, detection: index])
          #expect(abs(recall * Double(part.truths) - hits) < 1e-9)
          let row = (0...set.classes.count).reduce(0) {
            $0 + confusion.counts[index * (set.classes.count + 1) + $1]
          }
          // Every object is somewhere in its row.
          #expect(row == set.counts[index].truths)
        }
      }
    }
  }
}
