import VisionSystem
import VisionTensor

/// Reads annotations of LabelMe: a JSON file an image, with a list of shapes.
struct LabelMeReader {
  /// A shape as the file has it.
  private struct Shape {
    var label = ""
    var type = "polygon"
    var points: [ImagePoint] = []
    var group: String?
    private(set) var marks: [(name: String, value: String)] = []
    private var names: Set<String> = []
    var hasMask = false

    /// Of a name that is given twice, as a flag and an attribute, the first value counts.
    mutating func add(_ name: String, _ value: String) {
      if names.insert(name).inserted { marks.append((name, value)) }
    }
  }

  private var draft: AnnotationDraft
  /// The folder below which the annotations lie.
  private let folder: String

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    var reader = LabelMeReader(draft: AnnotationDraft(root: source.root), folder: source.folder)
    for file in source.files { try reader.add(file) }
    return reader.draft
  }

  private mutating func add(_ file: AnnotationSource.File) throws(DatasetError) {
    let path = file.path
    var json = try AnnotationSource.json(of: path, limit: AnnotationSource.maximumBytesPerImage)
    let folders = PathName.components(PathName.relative(path, to: folder)).dropLast()
    var image = DraftImage(name: PathName.stem(PathName.last(path)), source: path)
    image.part = folders.lazy.compactMap { DataPart($0) }.first
    var (width, height) = (Double?.none, Double?.none)
    // The parts of an object with several polygons have a group in common.
    var groups: [String: Int] = [:]
    var polygons: [Int: [[ImagePoint]]] = [:]
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "imagePath" where try json.kind() == .string:
        let name = try json.string()
        if !name.isEmpty { image.name = name }
      case "imageWidth": width = try COCOReader.optionalNumber(&json)
      case "imageHeight": height = try COCOReader.optionalNumber(&json)
      case "shapes":
        try json.enterArray()
        while try json.nextElement() {
          let line = json.line
          let shape = try shape(&json, place: "\(path), line \(line)")
          guard let object = try object(shape, line, path) else { continue }
          if let group = shape.group, shape.type == "polygon" {
            let name = "\(object.label) \(group)"
            let index = groups[name] ?? image.objects.count
            polygons[index, default: []].append(shape.points)
            if groups[name] != nil {
              image.objects[index].marks.formUnion(object.marks)
              continue
            }
            groups[name] = index
          }
          image.objects.append(object)
        }
      default: try json.skip()
      }
    }
    try json.finish()
    for (index, parts) in polygons {
      let outline = ObjectOutline.polygons(parts)
      image.objects[index].outline = outline
      image.objects[index].box = outline.box ?? image.objects[index].box
    }
    image.size = DraftImage.size(width, height)
    draft.images.append(image)
  }

  private mutating func shape(_ json: inout JSONReader, place: String) throws(DatasetError) -> Shape {
    var shape = Shape()
    try json.enterObject()
    while let key = try json.nextKey() {
      if try json.kind() == .null {
        try json.skip()
        continue
      }
      switch key {
      case "label": shape.label = try json.identifier()
      case "shape_type": shape.type = try json.string()
      case "points": shape.points = try Self.points(&json)
      case "group_id": shape.group = try json.identifier()
      case "flags", "attributes": try Self.readMarks(&json, &shape)
      case "difficult": if try json.mark() { shape.add(key, "true") }
      case "description":
        let text = try json.string()
        if !text.isEmpty { shape.add(key, text) }
      case "mask":
        shape.hasMask = true
        try json.skip()
      // Colors of old files, and the direction of a rotation, which the points have already.
      case "line_color", "fill_color", "direction": try json.skip()
      default:
        draft.notes.add(.unreadFields, detail: key, at: place)
        try json.skip()
      }
    }
    return shape
  }

  private static func readMarks(_ json: inout JSONReader, _ shape: inout Shape) throws(DatasetError) {
    try json.enterObject()
    while let key = try json.nextKey() {
      switch try json.kind() {
      case .bool: shape.add(key, try json.bool() ? "true" : "false")
      case .string, .number: shape.add(key, try json.identifier())
      default: try json.skip()
      }
    }
  }

  private static func points(_ json: inout JSONReader) throws(DatasetError) -> [ImagePoint] {
    var points: [ImagePoint] = []
    try json.enterArray()
    while try json.nextElement() {
      var numbers: [Double] = []
      try json.enterArray()
      while try json.nextElement() { numbers.append(try json.number()) }
      guard numbers.count == 2 else { throw json.failure("a point has \(numbers.count) numbers, not 2") }
      points.append(ImagePoint(x: numbers[0], y: numbers[1]))
    }
    return points
  }

  private mutating func object(_ shape: Shape, _ line: Int, _ path: String) throws(DatasetError)
    -> DraftObject?
  {
    let place = "\(path), line \(line)"
    let points = shape.points
    guard ["polygon", "rectangle", "rotation", "circle", "mask"].contains(shape.type) else {
      draft.notes.add(.shapes, detail: shape.type, at: place)
      return nil
    }
    let label = try draft.classes.position(of: shape.label, place: place)
    let outline = ObjectOutline.polygons([points])
    var object = DraftObject(
      label: label, box: outline.box ?? Box(x: 0, y: 0, width: 0, height: 0), line: line)
    switch shape.type {
    case "circle":
      guard points.count == 2 else { throw Self.unsuitable(shape, place) }
      // The center, and a point of the border.
      let (dx, dy) = (points[1].x - points[0].x, points[1].y - points[0].y)
      let radius = (dx * dx + dy * dy).squareRoot()
      object.box = RotatedShape.hull(
        x: points[0].x, y: points[0].y, radiusX: radius, radiusY: radius, degrees: 0)
      draft.notes.add(.ellipses, at: place)
    case "polygon", "rotation":
      guard points.count >= 3 else { throw Self.unsuitable(shape, place) }
      object = DraftObject(label: label, polygon: points, line: line)
      if shape.type == "rotation" { draft.notes.add(.rotated, at: place) }
    default:
      guard points.count == 2 || points.count == 4 else { throw Self.unsuitable(shape, place) }
      if shape.hasMask { draft.notes.add(.unreadMasks, at: place) }
    }
    for mark in shape.marks { object.add(mark.name, mark.value) }
    return object
  }

  private static func unsuitable(_ shape: Shape, _ place: String) -> DatasetError {
    DatasetError(
      .annotations,
      "a shape of the type '\(NearestNames.printable(shape.type))' has \(shape.points.count) points",
      place: place)
  }
}
