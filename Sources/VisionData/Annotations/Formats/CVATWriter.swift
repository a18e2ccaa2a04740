/// Writes annotations of CVAT, version 1.1, for images.
enum CVATWriter {
  static func files(_ images: [ExportedImage], _ classes: [String], _ abilities: FormatAbilities)
    -> [(path: String, text: String)]
  {
    var text = """
      <?xml version="1.0" encoding="utf-8"?>
      <annotations>
        <version>1.1</version>
        <meta>
          <task>
            <labels>

      """
    for name in classes { text += "        <label><name>\(AnnotationText.xml(name))</name></label>\n" }
    text += "      </labels>\n    </task>\n  </meta>\n"
    for (index, image) in images.enumerated() {
      let subset = image.part.map { " subset=\"\($0.rawValue)\"" } ?? ""
      text += "  <image id=\"\(index)\" name=\"\(AnnotationText.xml(image.name))\"\(subset)"
      text += " width=\"\(image.image.width)\" height=\"\(image.image.height)\">\n"
      for object in image.image.objects { text += shape(object, classes[object.label], abilities) }
      text += "  </image>\n"
    }
    return [("annotations.xml", text + "</annotations>\n")]
  }

  private static func shape(_ object: AnnotatedObject, _ name: String, _ abilities: FormatAbilities) -> String
  {
    let common =
      "label=\"\(AnnotationText.xml(name))\" occluded=\"\(object.marks.contains(.occluded) ? 1 : 0)\""
    var attributes = ObjectMarks.named.filter { $0.mark != .occluded && object.marks.contains($0.mark) }
      .map { ($0.name, "true") }
    attributes += object.attributes.map { ($0.name, $0.value) }
    let inside = attributes.map {
      "      <attribute name=\"\(AnnotationText.xml($0))\">\(AnnotationText.xml($1))</attribute>\n"
    }.joined()
    if let polygon = abilities.polygons(of: object)?.first {
      let points = polygon.map { "\(AnnotationText.number($0.x)),\(AnnotationText.number($0.y))" }
      return "    <polygon \(common) points=\"\(points.joined(separator: ";"))\" z_order=\"0\">\n"
        + inside + "    </polygon>\n"
    }
    let box = object.box
    let sides = [("xtl", box.x), ("ytl", box.y), ("xbr", box.right), ("ybr", box.bottom)]
      .map { "\($0)=\"\(AnnotationText.number($1))\"" }.joined(separator: " ")
    return "    <box \(common) \(sides) z_order=\"0\">\n" + inside + "    </box>\n"
  }
}
