import VisionData
import VisionNet
import VisionSystem

/// What annotations hold, as text and JSON.
struct AnnotationReport {
  /// The path as it was given.
  let data: String
  let set: AnnotationSet

  private static let parts: [DataPart?] = DataPart.allCases.map(Optional.some) + [nil]

  /// The number of images and objects of each part; `all` for those of none.
  private var counts: [(name: String, images: Int, objects: Int)] {
    Self.parts.compactMap { part in
      let images = set.images.filter { $0.part == part }
      guard !images.isEmpty else { return nil }
      return (part?.rawValue ?? "all", images.count, images.reduce(0) { $0 + $1.objects.count })
    }
  }

  /// For each class, the number of objects and of images that show any.
  private var classes: [(name: String, objects: Int, images: Int)] {
    var objects = [Int](repeating: 0, count: set.classes.count)
    var images = objects
    for image in set.images {
      for object in image.objects { objects[object.label] += 1 }
      for label in Set(image.objects.map(\.label)) { images[label] += 1 }
    }
    return set.classes.indices.map { (set.classes[$0], objects[$0], images[$0]) }
  }

  private var emptyImages: Int { self.set.images.count { $0.objects.isEmpty } }

  var json: JSON { .object([("schema", JSON.schema)] + members) }

  private var members: [(String, JSON)] {
    [
      ("data", .string(data)), ("format", .string(set.format.rawValue)),
      ("images", .integer(set.images.count)), ("emptyImages", .integer(emptyImages)),
      ("objects", .integer(set.objectCount)),
      (
        "parts",
        .object(counts.map { ($0.name, ["images": .integer($0.images), "objects": .integer($0.objects)]) })
      ),
      (
        "classes",
        .array(
          classes.map {
            ["label": .string($0.name), "objects": .integer($0.objects), "images": .integer($0.images)]
          })
      ), ("notes", Self.list(set.notes)), ("skipped", JSON.list(set.skipped)),
    ]
  }

  /// The record of a conversion.
  func conversion(to format: AnnotationFormat, output: String, notes: [AnnotationNote]) -> JSON {
    .object(
      [("schema", JSON.schema)] + members + [
        ("to", .string(format.rawValue)), ("output", .string(output)),
        ("lost", Self.list(notes.filter(\.kind.isLoss))),
        ("changed", Self.list(notes.filter { !$0.kind.isLoss })),
      ])
  }

  private static func list(_ notes: [AnnotationNote]) -> JSON {
    .array(
      notes.map {
        [
          "kind": .string($0.kind.rawValue), "detail": $0.detail.map { .string($0) } ?? .null,
          "count": .integer($0.count), "examples": .array($0.examples.map { .string($0) }),
          "isWarning": .bool($0.kind.isWarning), "message": .string($0.description),
        ]
      })
  }

  var text: String {
    var lines = [
      "\(FilePath(data).printable): \(set.format.title), \(Self.count(set.objectCount, "object")) of "
        + "\(Self.count(set.classes.count, "class", "classes")) in \(Self.count(set.images.count, "image"))"
        + (emptyImages > 0 ? ", \(emptyImages) of them without objects" : "")
    ]
    if counts.count > 1 || counts.first?.name != "all" {
      lines += [
        "",
        TextTable.text(
          [["part", "images", "objects"]] + counts.map { [$0.name, "\($0.images)", "\($0.objects)"] },
          numbers: [1, 2]),
      ]
    }
    lines += [
      "",
      TextTable.text(
        [["class", "objects", "images"]]
          + classes.map { [$0.name.escapingControls, "\($0.objects)", "\($0.images)"] }, numbers: [1, 2]),
    ]
    for note in set.notes { lines.append("\n\(note.kind.isWarning ? "warning" : "note"): \(note)") }
    if !set.skipped.isEmpty { lines.append("\nleft out: \(Self.count(set.skipped.count, "file"))") }
    for file in set.skipped.prefix(8) {
      lines.append("  \(FilePath(file.path).printable): \(file.message.escapingControls)")
    }
    if set.skipped.count > 8 { lines.append("  and \(set.skipped.count - 8) more (--format json has all)") }
    return lines.joined(separator: "\n")
  }

  private static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
    "\(number) \(number == 1 ? one : several ?? "\(one)s")"
  }
}
