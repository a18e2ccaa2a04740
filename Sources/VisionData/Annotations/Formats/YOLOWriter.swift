/// Writes annotations of YOLO: `data.yaml`, and in `labels` a text file an image.
enum YOLOWriter {
  static func files(_ images: [ExportedImage], _ classes: [String], _ abilities: FormatAbilities)
    -> [(path: String, text: String)]
  {
    var yaml = "path: .\n"
    for part in DataPart.allCases where images.contains(where: { $0.part == part }) {
      yaml += "\(part.rawValue): images/\(part.rawValue)\n"
    }
    yaml += "nc: \(classes.count)\nnames:\n"
    for (id, name) in classes.enumerated() { yaml += "  \(id): \(AnnotationText.yaml(name))\n" }
    return [("data.yaml", yaml)]
      + images.map { image in
        let part = image.part.map { "\($0.rawValue)/" } ?? ""
        return ("labels/\(part)\(image.stem).txt", rows(image.image, abilities))
      }
  }

  private static func rows(_ image: AnnotatedImage, _ abilities: FormatAbilities) -> String {
    // Other programs take either all lines of a file for boxes or all for polygons.
    let isOutlined = image.objects.contains { abilities.polygons(of: $0) != nil }
    return image.objects.map { object in
      let box = object.box
      var points = abilities.polygons(of: object)?.first ?? []
      if isOutlined, points.isEmpty {
        points = [
          ImagePoint(x: box.x, y: box.y), ImagePoint(x: box.right, y: box.y),
          ImagePoint(x: box.right, y: box.bottom), ImagePoint(x: box.x, y: box.bottom),
        ]
      }
      let (w, h) = (Double(image.width), Double(image.height))
      let numbers =
        points.isEmpty
        ? [(box.x + box.width / 2) / w, (box.y + box.height / 2) / h, box.width / w, box.height / h]
        : points.flatMap { [$0.x / w, $0.y / h] }
      return "\(object.label) " + numbers.map(AnnotationText.number).joined(separator: " ") + "\n"
    }.joined()
  }
}
