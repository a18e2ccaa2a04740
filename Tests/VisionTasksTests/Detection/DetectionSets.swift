import VisionData

@testable import VisionTasks

/// Sets of boxes as scripts/compare-pycocotools writes them, and what it reads of them.
///
/// A line is a word and numbers: `set CLASSES`, `image`, `truth CLASS X Y WIDTH HEIGHT AREA CROWD IGNORED`,
/// `found CLASS SCORE X Y WIDTH HEIGHT`. A set goes on to the next one.
enum DetectionSets {
  struct Fault: Error { let line: String }

  static func read(_ text: String) throws -> [DetectionEvaluation] {
    var sets: [DetectionEvaluation] = []
    var sample: DetectionSample?
    func finish() throws {
      if let sample { try sets[sets.count - 1].add(sample) }
      sample = nil
    }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Double($0) }
      guard numbers.count == words.count - 1 else { throw Fault(line: String(line)) }
      func box(_ first: Int) -> Box {
        Box(x: numbers[first], y: numbers[first + 1], width: numbers[first + 2], height: numbers[first + 3])
      }
      switch (words[0], numbers.count) {
      case ("set", 1):
        try finish()
        sets.append(DetectionEvaluation(classes: (0..<Int(numbers[0])).map { "class \($0)" }))
      case ("image", 0):
        try finish()
        sample = DetectionSample(truths: [], detections: [])
      case ("truth", 8):
        sample?.truths.append(
          TrueBox(
            classIndex: Int(numbers[0]), box: box(1), area: numbers[5], isCrowd: numbers[6] != 0,
            isIgnored: numbers[7] != 0))
      case ("found", 6):
        sample?.detections.append(
          ScoredBox(classIndex: Int(numbers[0]), score: numbers[1], box: box(2)))
      default: throw Fault(line: String(line))
      }
    }
    try finish()
    return sets
  }

  /// What is compared of a set: COCO's numbers of all classes and of each, precision at the 101 recalls and ten thresholds, TIDE's
  /// numbers, and how many mistakes of each kind there are; each a line.
  static func answer(_ set: DetectionEvaluation) throws -> String {
    let metrics = set.metrics(threads: 2)
    let mistakes = try set.mistakes(threads: 2)
    let curves = (0..<10).flatMap { metrics.meanPrecisions(threshold: $0) ?? [] }
    let kinds = DetectionMistake.Kind.allCases
    let costs = kinds.map { mistakes.costs[$0] ?? .nan } + [mistakes.falseAlarmCost, mistakes.missCost]
    let lines: [[Double]] =
      [metrics.numbers.stats] + [metrics.perClass.flatMap(\.numbers.stats)]
      + [curves, [mistakes.averagePrecision ?? -1] + costs, kinds.map { Double(mistakes.count($0)) }]
    return lines.map { $0.map { "\($0)" }.joined(separator: " ") + "\n" }.joined()
  }
}

extension DetectionSets {
  /// The sets as `read` takes them.
  static func text(_ sets: [DetectionEvaluation]) -> String {
    var lines: [String] = []
    func words(_ box: Box) -> String { "\(box.x) \(box.y) \(box.width) \(box.height)" }
    for set in sets {
      lines.append("set \(set.classes.count)")
      for sample in set.samples {
        lines.append("image")
        lines += sample.truths.map {
          "truth \($0.classIndex) \(words($0.box)) \($0.area) \($0.isCrowd ? 1 : 0) \($0.isIgnored ? 1 : 0)"
        }
        lines += sample.detections.map { "found \($0.classIndex) \($0.score) \(words($0.box))" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
