import VisionData
package import VisionInference
import VisionReport
import VisionSystem

extension Face {
  /// Columns of a table with a row for each face.
  package static let columns = ["score", "x", "y", "w", "h", "emotion", "probability"]

  /// Faces, such as `face 0.93 (128 224 185 316) happy 0.88`: left, top, width and height in pixels.
  package static func record(_ faces: [Face]) -> Record {
    Record(
      line: words(faces), fields: [("faces", .array(faces.map(\.json)))], rows: faces.map(\.row))
  }

  private static func pixels(_ number: Double) -> JSON { .number((number * 100).rounded() / 100) }

  private var sides: [Double] { [box.x, box.y, box.width, box.height] }

  private var json: JSON {
    let box = zip(["x", "y", "width", "height"], sides).map { ($0, Self.pixels($1)) }
    let points = points.map { JSON.object([("x", Self.pixels($0.x)), ("y", Self.pixels($0.y))]) }
    var members: [(String, JSON)] = [
      ("score", .float(score)), ("box", .object(box)), ("points", .array(points)),
    ]
    if let emotions {
      members.append(
        (
          "emotions",
          [
            "label": .string(emotions.label),
            "probabilities": .object(emotions.shares.map { ($0.label, .float($0.probability)) }),
          ]
        ))
    }
    return .object(members)
  }

  private var row: [String] {
    let best = emotions.map { [$0.label, $0.shares.first.map { "\($0.probability)" } ?? ""] }
    return ["\(score)"] + sides.map { Self.pixels($0).text } + (best ?? ["", ""])
  }

  private static func words(_ faces: [Face]) -> [Record.Word] {
    guard !faces.isEmpty else { return [Record.Word("  no face found", .faint)] }
    return faces.flatMap { face -> [Record.Word] in
      let box = face.sides.map { "\(Int(saturating: $0.rounded()))" }.joined(separator: " ")
      let place = "\(Numeral.fixed(Double(face.score), 2)) (\(box))"
      let words = [Record.Word("  "), Record.Word("face", .strong), Record.Word(" \(place)", .faint)]
      guard let emotions = face.emotions else { return words }
      let share = emotions.shares.first.map { Numeral.fixed(Double($0.probability), 2) } ?? ""
      let guess =
        emotions.isUnknown
        ? emotions.shares.first.map { " (best guess \($0.label) \(share))" } ?? "" : " \(share)"
      return words + [Record.Word(" \(emotions.label)", .strong), Record.Word(guess, .faint)]
    }
  }
}
