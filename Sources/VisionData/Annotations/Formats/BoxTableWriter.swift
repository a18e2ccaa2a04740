/// Writes a table with a line a box.
enum BoxTableWriter {
  static func files(
    _ images: [ExportedImage], _ classes: [String], _ abilities: FormatAbilities, isSplit: Bool
  ) -> [(path: String, text: String)] {
    let objects = images.lazy.flatMap(\.image.objects)
    let marks = ObjectMarks.named.filter { entry in objects.contains { $0.marks.contains(entry.mark) } }
    let hasConfidences = objects.contains { $0.confidence != nil }
    let hasPolygons = objects.contains { abilities.polygons(of: $0) != nil }
    var headings = ["image", "label", "x", "y", "width", "height", "image_width", "image_height"]
    if isSplit { headings.append("split") }
    headings += marks.map(\.name)
    if hasConfidences { headings.append("confidence") }
    if hasPolygons { headings.append("polygons") }
    var lines = [headings.joined(separator: ",")]
    for image in images {
      for object in image.image.objects.isEmpty ? [nil] : image.image.objects.map(Optional.some) {
        let box = object.map { [$0.box.x, $0.box.y, $0.box.width, $0.box.height].map(AnnotationText.number) }
        var fields = [image.path(abilities), object.map { classes[$0.label] } ?? ""]
        fields += box ?? ["", "", "", ""]
        fields += ["\(image.image.width)", "\(image.image.height)"]
        if isSplit { fields.append(image.part?.rawValue ?? "") }
        fields += marks.map { entry in object.map { $0.marks.contains(entry.mark) ? "1" : "0" } ?? "" }
        if hasConfidences { fields.append(object?.confidence.map(AnnotationText.number) ?? "") }
        if hasPolygons { fields.append(object.flatMap { abilities.polygons(of: $0) }.map(polygons) ?? "") }
        lines.append(fields.map(AnnotationText.field).joined(separator: ","))
      }
    }
    return [("annotations.csv", lines.joined(separator: "\n") + "\n")]
  }

  private static func polygons(_ polygons: [[ImagePoint]]) -> String {
    polygons.map { points in
      points.map { "\(AnnotationText.number($0.x)) \(AnnotationText.number($0.y))" }.joined(separator: " ")
    }.joined(separator: "; ")
  }
}
