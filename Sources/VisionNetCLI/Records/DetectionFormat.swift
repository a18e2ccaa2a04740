import ArgumentParser
import VisionData
import VisionInference
import VisionReport
import VisionStore
import VisionNet
import VisionSystem

/// A format in which detections are written.
enum DetectionFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, jsonl, csv
  /// The list of results that COCO's evaluation reads.
  case coco
  /// A folder with a text file for each image, as YOLO's programs write them.
  case yolo

  /// The encoding.
  ///
  /// - Parameters:
  ///   - labels: the names of the detector's classes.
  ///   - folder: where the files of `yolo` are written.
  ///   - overwrites: whether they may replace files that exist.
  func encoding(
    _ layout: RecordLayout, labels: [String], folder: String?, overwrites: Bool = false
  ) throws -> RecordEncoding {
    switch self {
    case .text: RecordEncoding(.text, layout)
    case .json: RecordEncoding(.json, layout)
    case .jsonl: RecordEncoding(.jsonl, layout)
    case .csv: RecordEncoding(.csv, layout)
    case .coco: Self.coco(labels)
    case .yolo: try Self.yolo(folder, overwrites)
    }
  }

  /// The columns of a detector's rows: label, index, score, and the box.
  private struct Row {
    let index: Int
    let score: String
    /// Left, top, width, height.
    let box: [String]

    init?(_ fields: [String]) {
      guard fields.count >= 7, let index = Int(fields[1]) else { return nil }
      (self.index, score, box) = (index, fields[2], Array(fields[3..<7]))
    }

    /// The line of a YOLO file: class, center and sides as shares of the image's, score.
    func line(width: Double, height: Double) -> String {
      let box = box.map { Double($0) ?? 0 }
      let (x, y) = ((box[0] + box[2] / 2) / width, (box[1] + box[3] / 2) / height)
      let numbers = [x, y, box[2] / width, box[3] / height].map { Numeral.fixed($0, 6) }
      return "\(index) \(numbers.joined(separator: " ")) \(score)\n"
    }
  }

  /// Categories are numbered as COCO does where the classes are COCO's, and from 1 on otherwise, as `annotations convert` writes
  /// them. An image's id is the number that its file is named by, as in COCO, or else its path.
  private static func coco(_ labels: [String]) -> RecordEncoding {
    let numbers = labels == COCOLabels.names ? COCOLabels.numbers : Array(1...max(labels.count, 1))
    // Only an image without detections leaves the list empty after the first record.
    let isEmpty = Locked(true)
    return RecordEncoding(opening: "[", closing: "\n]\n", leavesOutErrors: true) { outcome, _, _ in
      guard case .success(let record) = outcome.result else { return "" }
      let id =
        Int(ImageOutputs.stem(FilePath(outcome.name))).map { JSON.integer($0) } ?? .string(outcome.name)
      return record.rows.compactMap { Row($0) }.map { row in
        let object: JSON = [
          "image_id": id, "category_id": .integer(numbers[row.index]),
          "bbox": .array(row.box.map { .verbatim($0) }), "score": .verbatim(row.score),
          "file_name": .string(outcome.name),
        ]
        let comma = isEmpty.withLock { isEmpty in
          defer { isEmpty = false }
          return isEmpty ? "" : ","
        }
        return "\(comma)\n  \(object.text)"
      }.joined()
    }
  }

  private static func yolo(_ folder: String?, _ overwrites: Bool) throws -> RecordEncoding {
    guard let folder else {
      throw ValidationError("--format yolo writes a file for each image: give a folder by --output")
    }
    try OutputNames([], in: folder).makeFolder()
    let taken = Locked<Set<String>>([])
    return RecordEncoding(leavesOutErrors: true) { outcome, _, _ in
      guard case .success(let record) = outcome.result else { return "" }
      func side(_ name: String) -> Double {
        if case .integer(let value)? = outcome.facts.first(where: { $0.name == name })?.value {
          Double(value)
        } else {
          1
        }
      }
      let lines = record.rows.compactMap { Row($0)?.line(width: side("width"), height: side("height")) }
      let stem = ImageOutputs.stem(FilePath(outcome.name))
      let name = taken.withLock { taken in
        var (name, number) = (stem, 1)
        while !taken.insert(name.lowercased()).inserted {
          number += 1
          name = "\(stem)-\(number)"
        }
        return name
      }
      try Output(path: "\(folder)/\(name).txt", overwrites: overwrites).write(lines.joined())
      return ""
    }
  }
}
