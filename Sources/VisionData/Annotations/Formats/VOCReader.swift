import VisionSystem
import VisionTensor

/// Reads annotations of Pascal VOC: an XML file an image, and lists of images in `ImageSets/Main`.
struct VOCReader {
  private var draft: AnnotationDraft

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    var reader = VOCReader(draft: AnnotationDraft(root: source.root))
    let ids = source.files.map { VOCImageSets.id(of: $0.path, below: source.folder) }
    var sets = try VOCImageSets(below: source.root, known: Set(ids))
    if sets.isEmpty, source.isElsewhere { sets = try VOCImageSets(below: source.folder, known: Set(ids)) }
    for (file, id) in zip(source.files, ids) {
      let part = sets.isEmpty ? file.part : sets.part(of: id)
      if !sets.isEmpty, part == nil { reader.draft.notes.add(.unlistedImages, at: id) }
      try reader.add(file.path, id, part)
    }
    for id in sets.repeated { reader.draft.notes.add(.severalParts, at: id) }
    return reader.draft
  }

  private mutating func add(_ path: String, _ id: String, _ part: DataPart?) throws(DatasetError) {
    let bytes = try AnnotationSource.bytes(of: path, limit: AnnotationSource.maximumBytesPerImage)
    var xml = try XMLReader(bytes, place: path)
    guard case .start("annotation", _)? = try xml.next() else {
      throw xml.failure("the root element is not 'annotation'")
    }
    var image = DraftImage(name: id, source: path, part: part)
    image.stem = id
    // VOC counts pixels from 1, and the last one is inside; programs of today write edges.
    var isOneBased = false
    while let event = try xml.next() {
      guard case .start(let name, _) = event else { continue }
      switch name {
      case "filename":
        let text = try xml.elementText()
        if !text.isEmpty { image.name = text }
      case "source": isOneBased = try Self.source(&xml)
      case "size":
        let values = try Self.numbers(["width", "height"], &xml)
        image.size = DraftImage.size(values["width"], values["height"])
      case "object": image.objects.append(try object(&xml, isOneBased: isOneBased))
      default: try xml.skipElement()
      }
    }
    if isOneBased { draft.notes.add(.oneBased, at: path) }
    draft.images.append(image)
  }

  /// Whether the annotation is one of VOC's own.
  private static func source(_ xml: inout XMLReader) throws(DatasetError) -> Bool {
    var result = false
    while let event = try xml.next() {
      switch event {
      case .start("database", _): result = try xml.elementText().hasPrefix("The VOC")
      case .start: try xml.skipElement()
      case .end: return result
      case .text: continue
      }
    }
    return result
  }

  /// The numbers in elements of those names; others are skipped.
  private static func numbers(_ names: Set<String>, _ xml: inout XMLReader) throws(DatasetError)
    -> [String: Double]
  {
    var result: [String: Double] = [:]
    while let event = try xml.next() {
      switch event {
      case .start(let name, _) where names.contains(name):
        let text = try xml.elementText()
        guard let number = AnnotationNumber.parse(text) else {
          throw xml.failure("\(name) is no finite number: '\(NearestNames.printable(text))'")
        }
        guard result.updateValue(number, forKey: name) == nil else {
          throw xml.failure("\(name) is given twice")
        }
      case .start: try xml.skipElement()
      case .end: return result
      case .text: continue
      }
    }
    return result
  }

  private mutating func object(_ xml: inout XMLReader, isOneBased: Bool) throws(DatasetError) -> DraftObject {
    let line = xml.line
    let place = "\(xml.place), line \(line)"
    var (label, box) = (String?.none, Box?.none)
    var marks: ObjectMarks = []
    var attributes: [ObjectAttribute] = []
    reading: while let event = try xml.next() {
      guard case .start(let name, _) = event else {
        if case .end = event { break reading } else { continue }
      }
      switch name {
      case "name": label = try xml.elementText()
      case "bndbox": box = try Self.box(&xml, isOneBased: isOneBased)
      case "truncated", "difficult", "occluded":
        let text = try xml.elementText()
        // Some programs write a share of the object here.
        let isSet = AnnotationNumber.mark(text) ?? AnnotationNumber.parse(text).map { $0 > 0 }
        guard let isSet, let mark = ObjectMarks(name: name) else {
          throw xml.failure("\(name) is neither 0 nor 1")
        }
        if isSet { marks.insert(mark) }
      case "pose":
        let text = try xml.elementText()
        if !["", "unspecified"].contains(text.lowercased()) {
          attributes.append(ObjectAttribute(name: name, value: text))
        }
      case "part":
        draft.notes.add(.parts, at: place)
        try xml.skipElement()
      default:
        draft.notes.add(.unreadFields, detail: name, at: place)
        try xml.skipElement()
      }
    }
    guard let box else { throw DatasetError(.annotations, "an object has no bndbox", place: place) }
    let position = try draft.classes.position(of: label ?? "", place: place)
    var object = DraftObject(label: position, box: box, line: line)
    (object.marks, object.attributes) = (marks, attributes)
    return object
  }

  private static func box(_ xml: inout XMLReader, isOneBased: Bool) throws(DatasetError) -> Box {
    let values = try numbers(["xmin", "ymin", "xmax", "ymax"], &xml)
    guard let left = values["xmin"], let top = values["ymin"], let right = values["xmax"],
      let bottom = values["ymax"]
    else { throw xml.failure("a bndbox lacks xmin, ymin, xmax or ymax") }
    let first = isOneBased ? 1.0 : 0
    return Box(x: left - first, y: top - first, width: right - left + first, height: bottom - top + first)
  }
}
