import VisionSystem
import VisionTensor

/// Reads annotations of images by CVAT, version 1.1.
struct CVATReader {
  private typealias Attributes = [String: String]

  private var draft: AnnotationDraft
  private let path: String
  private let part: DataPart?

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    var draft = AnnotationDraft(root: source.root)
    draft.isOrdered = true
    for file in source.files {
      var reader = CVATReader(draft: draft, path: file.path, part: file.part)
      let bytes = try AnnotationSource.bytes(of: file.path)
      var xml = try XMLReader(bytes, place: file.path)
      try reader.readFile(&xml)
      draft = reader.draft
    }
    return draft
  }

  private mutating func readFile(_ xml: inout XMLReader) throws(DatasetError) {
    guard case .start("annotations", _)? = try xml.next() else {
      throw xml.failure("the root element is not 'annotations'")
    }
    while let event = try xml.next() {
      guard case .start(let name, let list) = event else { continue }
      switch name {
      case "meta": try meta(&xml)
      case "image": try image(list, &xml)
      case "track":
        throw xml.failure(
          "the file has tracks of a video, not images",
          remedy: "export the task as 'CVAT for images', which writes each frame")
      default: try xml.skipElement()
      }
    }
  }

  /// The labels of a task or a project: elements `label` with an element `name`, at any depth.
  private mutating func meta(_ xml: inout XMLReader) throws(DatasetError) {
    var path: [String] = []
    while let event = try xml.next() {
      switch event {
      case .start(let name, _):
        if name == "name", path.last == "label" {
          let label = try xml.elementText()
          _ = try draft.classes.position(of: label, place: "\(self.path), line \(xml.line)")
        } else {
          path.append(name)
        }
      case .end:
        if path.popLast() == nil { return }
      case .text: continue
      }
    }
  }

  private mutating func image(_ list: [XMLReader.Attribute], _ xml: inout XMLReader) throws(DatasetError) {
    let values = Self.dictionary(list)
    guard let name = values["name"], !name.isEmpty else { throw xml.failure("an image has no name") }
    let part = values["subset"].flatMap { DataPart($0) } ?? part
    var image = DraftImage(name: name, source: path, part: part)
    image.size = DraftImage.size(
      values["width"].flatMap { AnnotationNumber.parse($0) },
      values["height"].flatMap { AnnotationNumber.parse($0) })
    while let event = try xml.next() {
      switch event {
      case .start(let shape, let list):
        if let object = try object(shape, Self.dictionary(list), &xml) { image.objects.append(object) }
      case .end:
        draft.images.append(image)
        return
      case .text: continue
      }
    }
  }

  private static func dictionary(_ list: [XMLReader.Attribute]) -> Attributes {
    Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
  }

  private mutating func object(_ shape: String, _ values: Attributes, _ xml: inout XMLReader)
    throws(DatasetError) -> DraftObject?
  {
    let line = xml.line
    let place = "\(path), line \(line)"
    guard ["box", "polygon", "ellipse", "mask"].contains(shape) else {
      draft.notes.add(.shapes, detail: shape, at: place)
      try xml.skipElement()
      return nil
    }
    let label = try draft.classes.position(of: values["label"] ?? "", place: place)
    var object = DraftObject(label: label, box: Box(x: 0, y: 0, width: 0, height: 0), line: line)
    switch shape {
    case "box": try readBox(values, &object, &xml)
    case "polygon":
      object = DraftObject(label: label, polygon: try Self.points(values["points"] ?? "", &xml), line: line)
    case "ellipse": try readEllipse(values, &object, &xml)
    default:
      object.box = Box(
        x: try Self.number("left", values, &xml), y: try Self.number("top", values, &xml),
        width: try Self.number("width", values, &xml), height: try Self.number("height", values, &xml))
      draft.notes.add(.unreadMasks, at: place)
    }
    if values["occluded"] == "1" { object.marks.insert(.occluded) }
    try readAttributes(&object, &xml)
    return object
  }

  private mutating func readBox(_ values: Attributes, _ object: inout DraftObject, _ xml: inout XMLReader)
    throws(DatasetError)
  {
    let (left, top) = (try Self.number("xtl", values, &xml), try Self.number("ytl", values, &xml))
    let (right, bottom) = (try Self.number("xbr", values, &xml), try Self.number("ybr", values, &xml))
    object.box = Box(x: left, y: top, width: right - left, height: bottom - top)
    guard values["rotation"] != nil, case let degrees = try Self.number("rotation", values, &xml),
      degrees.truncatingRemainder(dividingBy: 360) != 0
    else { return }
    draft.notes.add(.rotated, at: "\(path), line \(object.line)")
    guard object.box.width > 0, object.box.height > 0 else { return }
    object = DraftObject(
      label: object.label, polygon: RotatedShape.corners(object.box, degrees: degrees), line: object.line)
  }

  private mutating func readEllipse(
    _ values: Attributes, _ object: inout DraftObject, _ xml: inout XMLReader
  ) throws(DatasetError) {
    let degrees = values["rotation"] == nil ? 0 : try Self.number("rotation", values, &xml)
    object.box = RotatedShape.hull(
      x: try Self.number("cx", values, &xml), y: try Self.number("cy", values, &xml),
      radiusX: try Self.number("rx", values, &xml), radiusY: try Self.number("ry", values, &xml),
      degrees: degrees)
    draft.notes.add(.ellipses, at: "\(path), line \(object.line)")
  }

  private static func number(_ name: String, _ values: Attributes, _ xml: inout XMLReader)
    throws(DatasetError) -> Double
  {
    guard let number = values[name].flatMap({ AnnotationNumber.parse($0) }) else {
      throw xml.failure("\(name) is missing or no finite number")
    }
    return number
  }

  /// Points as `x,y;x,y;…`.
  private static func points(_ text: String, _ xml: inout XMLReader) throws(DatasetError) -> [ImagePoint] {
    var points: [ImagePoint] = []
    for pair in text.split(separator: ";") {
      let numbers = pair.split(separator: ",").map { AnnotationNumber.parse($0) }
      guard numbers.count == 2, let x = numbers[0], let y = numbers[1] else {
        throw xml.failure("the points of a polygon are not 'x,y;x,y;…'")
      }
      points.append(ImagePoint(x: x, y: y))
    }
    guard points.count >= 3 else { throw xml.failure("a polygon has fewer than three points") }
    return points
  }

  private mutating func readAttributes(_ object: inout DraftObject, _ xml: inout XMLReader)
    throws(DatasetError)
  {
    var names: Set<String> = []
    while let event = try xml.next() {
      switch event {
      case .start("attribute", let list):
        let name = list.first { $0.name == "name" }?.value ?? ""
        let value = try xml.elementText()
        guard !name.isEmpty, names.insert(name).inserted else {
          throw xml.failure("an attribute has no name, or one that is given twice")
        }
        object.add(name, value)
      case .start(let name, _):
        draft.notes.add(.unreadFields, detail: name, at: "\(path), line \(object.line)")
        try xml.skipElement()
      case .end: return
      case .text: continue
      }
    }
  }
}
