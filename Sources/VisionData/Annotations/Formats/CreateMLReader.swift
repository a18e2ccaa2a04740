import VisionSystem
import VisionTensor

/// Reads annotations of Create ML: a list of images with boxes, whose centers and sizes are in pixels.
struct CreateMLReader {
  private var draft: AnnotationDraft

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    var reader = CreateMLReader(draft: AnnotationDraft(root: source.root))
    for file in source.files {
      var json = try AnnotationSource.json(of: file.path, limit: AnnotationSource.maximumBytes)
      try json.enterArray()
      while try json.nextElement() { try reader.image(&json, file) }
      try json.finish()
    }
    return reader.draft
  }

  private mutating func image(_ json: inout JSONReader, _ file: AnnotationSource.File) throws(DatasetError) {
    var image = DraftImage(name: "", source: file.path, part: file.part)
    let line = json.line
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "image", "imagefilename": image.name = try json.string()
      case "annotations", "annotation":
        try json.enterArray()
        while try json.nextElement() {
          let line = json.line
          image.objects.append(try object(&json, line, "\(file.path), line \(line)"))
        }
      default: try json.skip()
      }
    }
    guard !image.name.isEmpty else {
      throw DatasetError(.annotations, "an entry has no image", place: "\(file.path), line \(line)")
    }
    draft.images.append(image)
  }

  private mutating func object(_ json: inout JSONReader, _ line: Int, _ place: String) throws(DatasetError)
    -> DraftObject
  {
    var (label, box) = ("", Box?.none)
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "label": label = try json.identifier()
      case "coordinates": box = try Self.box(&json)
      default:
        draft.notes.add(.unreadFields, detail: key, at: place)
        try json.skip()
      }
    }
    guard let box else { throw DatasetError(.annotations, "a box has no coordinates", place: place) }
    return DraftObject(label: try draft.classes.position(of: label, place: place), box: box, line: line)
  }

  private static func box(_ json: inout JSONReader) throws(DatasetError) -> Box {
    var values: [String: Double] = [:]
    try json.enterObject()
    while let key = try json.nextKey() { values[key] = try json.number() }
    guard let x = values["x"], let y = values["y"], let width = values["width"], let height = values["height"]
    else { throw json.failure("coordinates lack x, y, width or height") }
    return Box(x: x - width / 2, y: y - height / 2, width: width, height: height)
  }
}
