import VisionData
public import VisionInference
import VisionReport
import VisionSystem

extension ObjectDetection {
  /// The objects, such as `dog 0.89 (128 224 185 316)  bicycle 0.98 (…)`: left, top, width and height in pixels.
  public func record(_ detections: [Detection]) -> Record {
    func pixels(_ number: Double) -> JSON { .number((number * 100).rounded() / 100) }
    let objects = detections.map { found -> JSON in
      let box: JSON = [
        "x": pixels(found.box.x), "y": pixels(found.box.y), "width": pixels(found.box.width),
        "height": pixels(found.box.height),
      ]
      let points = found.points.map { JSON.object([("x", pixels($0.x)), ("y", pixels($0.y))]) }
      return .object(
        [
          ("label", .string(found.label)), ("index", .integer(found.index)), ("score", .float(found.score)),
          ("box", box),
        ] + (points.isEmpty ? [] : [("points", .array(points))]))
    }
    let rows = detections.map { found in
      [found.label, "\(found.index)", "\(found.score)"]
        + [found.box.x, found.box.y, found.box.width, found.box.height].map { pixels($0).text }
    }
    return Record(line: Self.words(detections), fields: [("detections", .array(objects))], rows: rows)
  }

  private static func words(_ detections: [Detection]) -> [Record.Word] {
    guard !detections.isEmpty else { return [Record.Word("  nothing found", .faint)] }
    return detections.flatMap { found in
      let box = [found.box.x, found.box.y, found.box.width, found.box.height]
        .map { "\(Int(saturating: $0.rounded()))" }.joined(separator: " ")
      return [
        Record.Word("  "), Record.Word(found.label, .strong), Record.Word(" "),
        Record.Word("\(Numeral.fixed(Double(found.score), 2)) (\(box))", .faint),
      ]
    }
  }
}
