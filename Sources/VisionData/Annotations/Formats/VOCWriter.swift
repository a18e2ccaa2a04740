/// Writes annotations of Pascal VOC: an XML file an image in `Annotations`, and lists in `ImageSets/Main`.
enum VOCWriter {
  static func files(_ images: [ExportedImage], _ classes: [String], isSplit: Bool)
    -> [(path: String, text: String)]
  {
    var files = images.map { ("Annotations/\($0.stem).xml", text($0, classes)) }
    guard isSplit else { return files }
    for part in DataPart.allCases {
      let own = images.filter { $0.part == part }
      guard !own.isEmpty else { continue }
      files.append(("ImageSets/Main/\(part.rawValue).txt", own.map { "\($0.stem)\n" }.joined()))
    }
    return files
  }

  private static func text(_ image: ExportedImage, _ classes: [String]) -> String {
    """
    <annotation>
      <folder>JPEGImages</folder>
      <filename>\(AnnotationText.xml(PathName.last(image.name)))</filename>
      <size>
        <width>\(image.image.width)</width>
        <height>\(image.image.height)</height>
        <depth>3</depth>
      </size>
      <segmented>0</segmented>

    """ + image.image.objects.map { object($0, classes[$0.label]) }.joined() + "</annotation>\n"
  }

  private static func object(_ object: AnnotatedObject, _ name: String) -> String {
    func flag(_ mark: ObjectMarks) -> Int { object.marks.contains(mark) ? 1 : 0 }
    let pose = object.attributes.first { $0.name == "pose" }?.value ?? "Unspecified"
    let box = object.box
    return """
        <object>
          <name>\(AnnotationText.xml(name))</name>
          <pose>\(AnnotationText.xml(pose))</pose>
          <truncated>\(flag(.truncated))</truncated>
          <difficult>\(flag(.difficult))</difficult>
          <occluded>\(flag(.occluded))</occluded>
          <bndbox>
            <xmin>\(AnnotationText.number(box.x))</xmin>
            <ymin>\(AnnotationText.number(box.y))</ymin>
            <xmax>\(AnnotationText.number(box.right))</xmax>
            <ymax>\(AnnotationText.number(box.bottom))</ymax>
          </bndbox>
        </object>

      """
  }
}
