import VisionSystem

/// Writes annotations of COCO: a file of instances for each part of the data.
enum COCOWriter {
  static func files(_ images: [ExportedImage], _ classes: [String], _ abilities: FormatAbilities)
    -> [(path: String, text: String)]
  {
    // A set without images is a file, too.
    guard !images.isEmpty else { return [("annotations/instances.json", text([], classes, abilities))] }
    let parts: [DataPart?] = [nil] + DataPart.allCases
    return parts.compactMap { part in
      let own = images.filter { $0.part == part }
      guard !own.isEmpty else { return nil }
      let name = part.map { "instances_\($0.rawValue).json" } ?? "instances.json"
      return ("annotations/\(name)", text(own, classes, abilities))
    }
  }

  private static func text(_ images: [ExportedImage], _ classes: [String], _ abilities: FormatAbilities)
    -> String
  {
    var annotations: [JSON] = []
    var entries: [JSON] = []
    for (index, image) in images.enumerated() {
      entries.append([
        "id": .integer(index + 1), "file_name": .string(image.name),
        "width": .integer(image.image.width), "height": .integer(image.image.height),
      ])
      for object in image.image.objects {
        annotations.append(
          annotation(object, id: annotations.count + 1, image: index + 1, abilities))
      }
    }
    let categories = classes.enumerated().map { index, name -> JSON in
      ["id": .integer(index + 1), "name": .string(name), "supercategory": ""]
    }
    return "{\n\"images\": \(list(entries)),\n\"categories\": \(list(categories)),\n"
      + "\"annotations\": \(list(annotations))\n}\n"
  }

  /// One record a line.
  static func list(_ records: [JSON]) -> String {
    records.isEmpty ? "[]" : "[\n" + records.map { "  \($0.text)" }.joined(separator: ",\n") + "\n]"
  }

  private static func annotation(
    _ object: AnnotatedObject, id: Int, image: Int, _ abilities: FormatAbilities
  ) -> JSON {
    let box = object.box
    var members: [(String, JSON)] = [
      ("id", .integer(id)), ("image_id", .integer(image)), ("category_id", .integer(object.label + 1)),
      ("bbox", .array([box.x, box.y, box.width, box.height].map(number))),
      ("area", number(object.area)), ("iscrowd", .integer(object.marks.contains(.crowd) ? 1 : 0)),
    ]
    switch object.outline {
    case .mask(let mask)?:
      members.append(
        (
          "segmentation",
          [
            "counts": .array(mask.counts.map { .integer($0) }),
            "size": [.integer(mask.height), .integer(mask.width)],
          ]
        ))
    default:
      let polygons = abilities.polygons(of: object) ?? []
      members.append(
        ("segmentation", .array(polygons.map { .array($0.flatMap { [number($0.x), number($0.y)] }) })))
    }
    if let confidence = object.confidence { members.append(("score", number(confidence))) }
    var attributes = ObjectMarks.named.filter { $0.mark != .crowd && object.marks.contains($0.mark) }
      .map { ($0.name, JSON.bool(true)) }
    var names = Set(attributes.map(\.0))
    for attribute in object.attributes where names.insert(attribute.name).inserted {
      attributes.append((attribute.name, .string(attribute.value)))
    }
    if !attributes.isEmpty { members.append(("attributes", .object(attributes))) }
    return .object(members)
  }

  /// A number; a whole one without a fraction.
  static func number(_ value: Double) -> JSON { .verbatim(AnnotationText.number(value)) }
}
