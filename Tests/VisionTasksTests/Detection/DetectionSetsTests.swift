import Foundation
import Testing

@testable import VisionTasks

/// Compares with pycocotools and tidecv: on sets that scripts/compare-pycocotools draws, and on a few whose numbers are kept here.
@Suite struct DetectionSetsTests {
  private static let environment = ProcessInfo.processInfo.environment

  /// Writes what the script reads. VISIONNET_DETECTION_SETS is its file of sets.
  @Test(.enabled(if: environment["VISIONNET_DETECTION_SETS"] != nil))
  func answersTheScript() throws {
    let sets = try #require(Self.environment["VISIONNET_DETECTION_SETS"])
    let answers = try #require(Self.environment["VISIONNET_DETECTION_ANSWERS"])
    let read = try DetectionSets.read(String(contentsOfFile: sets, encoding: .utf8))
    try read.map(DetectionSets.answer).joined().write(toFile: answers, atomically: true, encoding: .utf8)
  }

  /// Writes the sets of `ExpectedDetectionNumbers`, of which `scripts/compare-pycocotools --expect FILE` makes the numbers.
  @Test(.enabled(if: environment["VISIONNET_DETECTION_FIXTURES"] != nil))
  func writesTheSetsOfTheExpectations() throws {
    let sets = try (0..<ExpectedDetectionNumbers.count).map(RandomDetections.set)
    let file = try #require(Self.environment["VISIONNET_DETECTION_FIXTURES"])
    try DetectionSets.text(sets).write(toFile: file, atomically: true, encoding: .utf8)
  }

  @Test func numbersAreThoseOfPycocotoolsAndTidecv() throws {
    let coco = ExpectedDetectionNumbers.rows(ExpectedDetectionNumbers.coco)
    let tide = ExpectedDetectionNumbers.rows(ExpectedDetectionNumbers.tide)
    #expect(coco.count == ExpectedDetectionNumbers.count && tide.count == coco.count)
    for (seed, (coco, tide)) in zip(coco, tide).enumerated() {
      let set = try RandomDetections.set(seed)
      let numbers = set.metrics(threads: 2).numbers.stats
      #expect(numbers.count == 12)
      for (number, expected) in zip(numbers, coco) { #expect(abs(number - expected) < 1e-12, "set \(seed)") }
      guard !tide[0].isNaN else { continue }
      let mistakes = try set.mistakes(threads: 2)
      let kinds = DetectionMistake.Kind.allCases
      let costs =
        [mistakes.averagePrecision ?? .nan] + kinds.map { mistakes.costs[$0] ?? .nan }
        + [mistakes.falseAlarmCost, mistakes.missCost]
      #expect(tide.count == costs.count + kinds.count)
      for (number, expected) in zip(costs, tide) where !expected.isNaN {
        #expect(abs(number - expected) < 1e-12, "set \(seed)")
      }
      #expect(kinds.map { Double(mistakes.count($0)) } == Array(tide.suffix(kinds.count)), "set \(seed)")
    }
  }

  @Test func setsAreReadAsTheyWereWritten() throws {
    let sets = try [0, 6, 9, 12].map(RandomDetections.set)
    let read = try DetectionSets.read(DetectionSets.text(sets))
    #expect(read.map(\.samples) == sets.map(\.samples))
    #expect(throws: DetectionSets.Fault.self) { try DetectionSets.read("set 1\nimage\nfound 0 1 2\n") }
  }

  @Test func threadsChangeNothing() throws {
    for seed in [1, 7, 13] {
      let set = try RandomDetections.set(seed)
      let results = try [1, 2, 5].map { try DetectionResults(set, draws: 40, seed: 3, threads: $0) }
      #expect(results[1].metrics == results[0].metrics)
      for other in results[1...] {
        #expect(JSONText.of(other) == JSONText.of(results[0]))
        #expect(other.mistakes == results[0].mistakes)
      }
    }
  }
}
