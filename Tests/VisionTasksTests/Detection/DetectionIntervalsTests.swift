import Foundation
import Testing
import VisionData
import VisionSystem

@testable import VisionTasks

@Suite struct DetectionIntervalsTests {
  /// Images that count several times give what so many copies of them give. In these sets no scores of an image are equal.
  @Test func weightsAreCopies() throws {
    for seed in [3, 5, 6, 11, 14, 23] {
      let set = try RandomDetections.set(seed)
      let weights = set.samples.indices.map { Int32([2, 0, 1, 3][($0 + seed) % 4]) }
      var copies = DetectionEvaluation(classes: set.classes)
      for (sample, weight) in zip(set.samples, weights) {
        for _ in 0..<weight { try copies.add(sample) }
      }
      let weighted = set.matches().perClass.map { $0.numbers(weights: weights) }
      let expected = copies.metrics().perClass
      for (numbers, part) in zip(weighted, expected) {
        for (number, wanted) in zip(numbers.stats, part.numbers.stats) {
          #expect(abs(number - wanted) < 1e-12)
        }
      }
      let ones = [Int32](repeating: 1, count: set.samples.count)
      #expect(
        set.matches().perClass.map { $0.numbers(weights: ones) } == set.metrics().perClass.map(\.numbers))
    }
  }

  @Test func intervalsHoldTheNumbersAndFollowTheSeed() throws {
    let set = try RandomDetections.set(7)
    let numbers = set.metrics().numbers
    let first = try set.matches(threads: 1).intervals(draws: 200, seed: 1)
    #expect(try set.matches(threads: 3).intervals(draws: 200, seed: 1) == first)
    #expect(try set.matches().intervals(draws: 200, seed: 2) != first)
    for measure in DetectionMeasure.allCases {
      let interval = try #require(first[measure])
      #expect(interval.low >= 0 && interval.high <= 1 && interval.low <= interval.high)
      let number = try #require(numbers[measure])
      #expect(interval.low <= number && number <= interval.high, "\(measure)")
    }
  }

  @Test func equalImagesLeaveNothingToChance() throws {
    let whole = try RandomDetections.set(14)
    let one = try #require(whole.samples.max { $0.detections.count < $1.detections.count })
    var set = DetectionEvaluation(classes: whole.classes)
    for _ in 0..<6 { try set.add(one) }
    let number = try #require(set.metrics().numbers[.averagePrecision])
    let interval = try #require(set.matches().intervals(draws: 50)[.averagePrecision])
    #expect(abs(interval.low - number) < 1e-12 && abs(interval.high - number) < 1e-12)
  }

  @Test func drawsAreFairAndPercentilesInterpolated() {
    let resampling = BootstrapResampling(images: 10, count: 2000, seed: 5)
    var sums = [Int](repeating: 0, count: 10)
    for draw in 0..<resampling.count {
      let weights = resampling.weights(draw)
      #expect(weights.reduce(0, +) == 10)
      for (index, weight) in weights.enumerated() { sums[index] += Int(weight) }
    }
    // The standard deviation of a sum is √(20,000 · 0.1 · 0.9) = 42.
    #expect(sums.allSatisfy { abs($0 - 2000) < 220 })
    let interval = BootstrapInterval((0...100).map { Double($0) })
    #expect(interval?.low == 2.5 && interval?.high == 97.5)
    #expect(BootstrapInterval([]) == nil && BootstrapInterval([3])?.high == 3)
  }

  /// `numpy.percentile([3, 1, 2, 5], [2.5, 97.5])` is 1.075 and 4.85.
  @Test func percentilesAreNumPys() throws {
    let interval = try #require(BootstrapInterval([3, 1, 2, 5]))
    #expect(abs(interval.low - 1.075) < 1e-12 && abs(interval.high - 4.85) < 1e-12)
  }

  @Test func theRecordHasTheNumbersAtItsTopLevel() throws {
    let set = try RandomDetections.set(7)
    let results = try DetectionResults(set, draws: 20)
    let data = Data(JSONText.of(results).utf8)
    #expect(try JSONDecoder().decode(DetectionNumbers.self, from: data) == results.metrics.numbers)
    let record = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let keys = [
      "mAP50-95", "mAP50", "mAP75", "mAP50-95-small", "mAP50-95-medium", "mAP50-95-large", "AR1", "AR10",
      "AR100", "AR-small", "AR-medium", "AR-large",
    ]
    for (key, number) in zip(keys, results.metrics.numbers.stats) {
      // JSONSerialization reads some numbers one bit off.
      #expect(abs(try #require(record[key] as? Double) - number) < 1e-12)
    }
    #expect(results.members.prefix(12).map(\.0) == keys)
    #expect(record["images"] as? Int == set.samples.count && record["classes"] as? Int == set.classes.count)
    let perClass = try #require(record["perClass"] as? [[String: Any]])
    #expect(perClass.count == set.classes.count && perClass[0]["mAP50"] as? Double != nil)
    // Absent numbers keep being absent.
    let absent = DetectionNumbers([Double?](repeating: nil, count: 12))
    let encoded = try JSONEncoder().encode(absent)
    #expect(try JSONDecoder().decode(DetectionNumbers.self, from: encoded) == absent)
  }
}
