public import VisionInference
import VisionSystem

extension Classification {
  /// The most likely classes, such as `Siberian husky 0.52  malamute 0.31`, or `unknown` with the best guess.
  public func record(_ prediction: ClassScores) -> Record {
    let best = prediction.top(top, labels: labels)
    let isUnknown = isUnknown(best)
    let fields: [(name: String, value: JSON)] = [
      (
        "predictions",
        .array(
          best.map {
            [
              "label": .string($0.label), "index": .integer($0.index), "probability": .float($0.probability),
            ]
          })
      ),
      ("unknown", .bool(isUnknown)), ("threshold", threshold.map { .number($0) } ?? .null),
    ]
    return Record(
      line: isUnknown ? Self.guess(best[0]) : Self.words(best), fields: fields,
      rows: best.enumerated().map { rank, found in
        ["\(rank + 1)", found.label, "\(found.index)", "\(found.probability)"]
      }, summary: ["\(isUnknown)"])
  }

  /// Whether the best class is less likely than the model's threshold.
  private func isUnknown(_ best: [Prediction]) -> Bool {
    guard let threshold, let first = best.first else { return false }
    return Double(first.probability) < threshold
  }

  private static func guess(_ best: Prediction) -> [Record.Word] {
    [
      Record.Word("  "), Record.Word("unknown", .strong), Record.Word(" "),
      Record.Word("(best guess \(best.label) \(hundredths(best.probability)))", .faint),
    ]
  }

  private static func words(_ best: [Prediction]) -> [Record.Word] {
    best.enumerated().flatMap { rank, prediction in
      [
        Record.Word("  "), Record.Word(prediction.label, rank == 0 ? .strong : .plain), Record.Word(" "),
        Record.Word(hundredths(prediction.probability), .faint),
      ]
    }
  }

  /// A probability with two decimal places, or `<0.01` for one that would be 0.00 and is not 0, and `>0.99` for one that
  /// would be 1.00 and is not 1.
  package static func hundredths(_ probability: Float) -> String {
    guard probability.isFinite else { return "\(probability)" }
    let number = Int(saturating: (max(0, min(1, Double(probability))) * 100).rounded())
    if number == 0, probability > 0 { return "<0.01" }
    if number == 100, probability < 1 { return ">0.99" }
    return "\(number / 100)." + (number % 100 < 10 ? "0" : "") + "\(number % 100)"
  }
}
