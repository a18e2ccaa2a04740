import VisionSystem
import VisionTensor

/// The members of one annotation of COCO.
struct COCOFields {
  private(set) var id: String?
  private(set) var image: String?
  private(set) var category: String?
  private(set) var box: Box?
  private(set) var area: Double?
  private(set) var outline: ObjectOutline?
  private(set) var marks: ObjectMarks = []
  private(set) var confidence: Double?
  private(set) var attributes: [ObjectAttribute] = []

  mutating func read(_ json: inout JSONReader, _ notes: inout AnnotationNotes, place: String)
    throws(DatasetError)
  {
    try json.enterObject()
    while let key = try json.nextKey() {
      if try json.kind() == .null {
        try json.skip()
        continue
      }
      switch key {
      case "id": id = try json.identifier()
      case "image_id": image = try json.identifier()
      case "category_id": category = try json.identifier()
      case "bbox": box = try Self.box(&json)
      case "area": area = try json.number()
      case "iscrowd": if try json.mark() { marks.insert(.crowd) }
      case "score":
        let score = try json.number()
        guard (0...1).contains(score) else { throw json.failure("the score \(score) is not from 0 to 1") }
        confidence = score
      case "segmentation": try segmentation(&json, &notes, place)
      case "attributes": try readAttributes(&json, &notes, place)
      case "num_keypoints":
        if try json.number() > 0 { notes.add(.keypoints, at: place) }
      case "keypoints": try json.skip()
      default:
        notes.add(.unreadFields, detail: key, at: place)
        try json.skip()
      }
    }
  }

  private static func box(_ json: inout JSONReader) throws(DatasetError) -> Box? {
    let numbers = try Self.numbers(&json)
    if numbers.isEmpty { return nil }
    guard numbers.count == 4 else { throw json.failure("a bbox has \(numbers.count) numbers, not 4") }
    return Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }

  private static func numbers(_ json: inout JSONReader) throws(DatasetError) -> [Double] {
    var numbers: [Double] = []
    try json.enterArray()
    while try json.nextElement() { numbers.append(try json.number()) }
    return numbers
  }

  /// A list of polygons, each a list x, y, x, y, …, or an object with the lengths of runs.
  private mutating func segmentation(
    _ json: inout JSONReader, _ notes: inout AnnotationNotes, _ place: String
  ) throws(DatasetError) {
    if try json.kind() == .object {
      outline = try mask(&json).map { .mask($0) }
      if outline == nil { notes.add(.invalidOutlines, at: place) }
      return
    }
    var polygons: [[ImagePoint]] = []
    // Some programs write a single polygon without a list around it.
    var flat: [Double] = []
    var isValid = true
    try json.enterArray()
    while try json.nextElement() {
      if try json.kind() == .number {
        flat.append(try json.number())
      } else {
        let numbers = try Self.numbers(&json)
        isValid = isValid && Self.append(numbers, to: &polygons)
      }
    }
    if !flat.isEmpty { isValid = isValid && Self.append(flat, to: &polygons) }
    if !isValid { notes.add(.invalidOutlines, at: place) }
    if isValid, !polygons.isEmpty { outline = .polygons(polygons) }
  }

  private static func append(_ numbers: [Double], to polygons: inout [[ImagePoint]]) -> Bool {
    guard numbers.count >= 6, numbers.count.isMultiple(of: 2) else { return false }
    polygons.append(
      stride(from: 0, to: numbers.count, by: 2).map { ImagePoint(x: numbers[$0], y: numbers[$0 + 1]) })
    return true
  }

  private func mask(_ json: inout JSONReader) throws(DatasetError) -> RunLengthMask? {
    var (size, counts, text) = ([Double](), [Double]?.none, String?.none)
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "size": size = try Self.numbers(&json)
      case "counts":
        if try json.kind() == .string {
          text = try json.string()
        } else {
          counts = try Self.numbers(&json)
        }
      default: try json.skip()
      }
    }
    guard size.count == 2, let height = Int(exactly: size[0]), let width = Int(exactly: size[1]) else {
      return nil
    }
    if let text { return RunLengthMask(width: width, height: height, compressed: text) }
    let lengths = (counts ?? []).compactMap { Int(exactly: $0) }
    guard lengths.count == counts?.count else { return nil }
    return RunLengthMask(width: width, height: height, counts: lengths)
  }

  /// What programs add to COCO: names with texts, numbers or marks.
  private mutating func readAttributes(
    _ json: inout JSONReader, _ notes: inout AnnotationNotes, _ place: String
  ) throws(DatasetError) {
    guard try json.kind() == .object else {
      notes.add(.unreadFields, detail: "attributes", at: place)
      try json.skip()
      return
    }
    try json.enterObject()
    while let key = try json.nextKey() {
      switch try json.kind() {
      case .string, .number: attributes.append(ObjectAttribute(name: key, value: try json.identifier()))
      case .bool: attributes.append(ObjectAttribute(name: key, value: try json.bool() ? "true" : "false"))
      case .null: try json.skip()
      case .object, .array:
        notes.add(.unreadFields, detail: "attributes", at: place)
        try json.skip()
      }
    }
  }
}
