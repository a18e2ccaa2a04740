import ArgumentParser
import VisionNet
import VisionSystem

/// How the results of `classify` are written.
enum RecordFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// One line per image, for people; an image that cannot be read gives a message instead.
  case text
  /// One array.
  case json
  /// One object per line.
  case jsonl
  /// One row per prediction, after a header row.
  case csv

  /// The text before the first record.
  var opening: String {
    switch self {
    case .text, .jsonl: ""
    case .json: "["
    case .csv: "path,width,height,rank,label,index,probability,milliseconds,error,message,unknown\n"
    }
  }

  /// The text after the last record.
  var closing: String { self == .json ? "\n]\n" : "" }

  /// - Parameter threshold: the probability below which the best class counts as unknown.
  func text(of record: ClassificationRecord, threshold: Double?, isFirst: Bool, style: TextStyle) -> String {
    switch self {
    case .text: Self.line(record, threshold, style)
    case .json: (isFirst ? "\n  " : ",\n  ") + Self.object(record, threshold).text
    case .jsonl: Self.object(record, threshold).text + "\n"
    case .csv: Self.rows(record, threshold)
    }
  }

  /// `dog.jpg  Siberian husky 0.52  malamute 0.31`
  private static func line(_ record: ClassificationRecord, _ threshold: Double?, _ style: TextStyle) -> String
  {
    guard case .labels(let predictions, _, _, _) = record.outcome else { return "" }
    var line = record.path.printable
    if isUnknown(predictions, threshold), let best = predictions.first {
      let guess = "(best guess \(FilePath(best.label).printable) \(hundredths(best.probability)))"
      return line + "  " + style.bold("unknown") + " " + style.dim(guess) + "\n"
    }
    for (rank, prediction) in predictions.enumerated() {
      let text = FilePath(prediction.label).printable
      line += "  " + (rank == 0 ? style.bold(text) : text)
      line += " " + style.dim(hundredths(prediction.probability))
    }
    return line + "\n"
  }

  /// Whether the best class is less likely than the model's threshold.
  private static func isUnknown(_ predictions: [Prediction], _ threshold: Double?) -> Bool {
    guard let threshold, let best = predictions.first else { return false }
    return Double(best.probability) < threshold
  }

  private static func object(_ record: ClassificationRecord, _ threshold: Double?) -> JSON {
    switch record.outcome {
    case .labels(let predictions, let width, let height, let milliseconds):
      return [
        "schema": JSON.schema, "path": .string(record.path.text), "width": .integer(width),
        "height": .integer(height),
        "predictions": .array(
          predictions.map {
            [
              "label": .string($0.label), "index": .integer($0.index),
              "probability": .float($0.probability),
            ]
          }), "unknown": .bool(isUnknown(predictions, threshold)),
        "threshold": threshold.map { .number($0) } ?? .null,
        "milliseconds": .number(thousandths(milliseconds)),
      ]
    case .failure(let error):
      return [
        "schema": JSON.schema, "path": .string(record.path.text),
        "error": ["code": .string(error.code), "message": .string(message(error))],
      ]
    }
  }

  private static func rows(_ record: ClassificationRecord, _ threshold: Double?) -> String {
    let path = field(record.path.text)
    switch record.outcome {
    case .labels(let predictions, let width, let height, let milliseconds):
      return predictions.enumerated().map { rank, prediction in
        "\(path),\(width),\(height),\(rank + 1),\(field(prediction.label)),\(prediction.index),"
          + "\(prediction.probability),\(thousandths(milliseconds)),,,\(isUnknown(predictions, threshold))\n"
      }.joined()
    case .failure(let error):
      return "\(path),,,,,,,,\(error.code),\(field(message(error))),\n"
    }
  }

  /// The message without the place, which is the path and already in the record.
  static func message(_ error: any VisionError) -> String {
    error.message + (error.remedy.map { " (\($0))" } ?? "")
  }

  /// A CSV field, quoted as in RFC 4180.
  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    // By scalars, because a quotation mark and a following combining accent are one character.
    var result = "\""
    for scalar in text.unicodeScalars { result.unicodeScalars += scalar == "\"" ? ["\"", "\""] : [scalar] }
    result.unicodeScalars.append("\"")
    return result
  }

  private static func thousandths(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

  /// A probability with two decimal places.
  private static func hundredths(_ probability: Float) -> String {
    guard probability.isFinite else { return "\(probability)" }
    let number = Int(saturating: (max(0, min(1, Double(probability))) * 100).rounded())
    return "\(number / 100)." + (number % 100 < 10 ? "0" : "") + "\(number % 100)"
  }
}
