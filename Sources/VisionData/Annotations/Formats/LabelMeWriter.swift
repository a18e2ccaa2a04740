import VisionSystem

/// Writes annotations of LabelMe: a JSON file beside each image.
enum LabelMeWriter {
  static func files(_ images: [ExportedImage], _ classes: [String], _ abilities: FormatAbilities)
    -> [(path: String, text: String)]
  {
    images.map { image in
      var shapes: [JSON] = []
      // The polygons of one object have a number in common.
      var group = 0
      for object in image.image.objects {
        let polygons = abilities.polygons(of: object) ?? []
        if polygons.count > 1 { group += 1 }
        let label = classes[object.label]
        if polygons.isEmpty {
          let box = object.box
          let corners = [ImagePoint(x: box.x, y: box.y), ImagePoint(x: box.right, y: box.bottom)]
          shapes.append(shape(object, label, "rectangle", corners, group: nil))
        }
        for polygon in polygons {
          shapes.append(shape(object, label, "polygon", polygon, group: polygons.count > 1 ? group : nil))
        }
      }
      let file: JSON = [
        "version": "5.5.0", "flags": [:], "shapes": .array(shapes),
        "imagePath": .string(PathName.last(image.name)), "imageData": .null,
        "imageHeight": .integer(image.image.height), "imageWidth": .integer(image.image.width),
      ]
      let part = image.part.map { "\($0.rawValue)/" } ?? ""
      return ("\(part)\(image.stem).json", file.indented + "\n")
    }
  }

  private static func shape(
    _ object: AnnotatedObject, _ label: String, _ type: String, _ points: [ImagePoint], group: Int?
  ) -> JSON {
    let flags = ObjectMarks.named.filter { object.marks.contains($0.mark) }.map { ($0.name, JSON.bool(true)) }
    var members: [(String, JSON)] = [
      ("label", .string(label)),
      ("points", .array(points.map { [COCOWriter.number($0.x), COCOWriter.number($0.y)] })),
      ("group_id", group.map { .integer($0) } ?? .null), ("description", .null),
      ("shape_type", .string(type)), ("flags", .object(flags)),
    ]
    var names: Set<String> = []
    let attributes = object.attributes.filter { names.insert($0.name).inserted }
    if !attributes.isEmpty {
      members.append(("attributes", .object(attributes.map { ($0.name, .string($0.value)) })))
    }
    return .object(members)
  }
}
