import VisionSystem
import VisionTensor

/// Labels in JSON, or in a Python literal, which looks similar.
enum LabelLiteral {
  static func names(in text: String) throws(FormatError) -> [String] {
    let bytes = ByteRange(Array(text.utf8))
    let json: JSONText
    do {
      json = try JSONText(bytes)
    } catch let error {
      // Python literals differ from JSON: they have single quotation marks and numbers as keys.
      if let literal = try? PythonLiteral(text) { return try names(literal) }
      let place = DecodedText.position(of: error.offset ?? 0, in: text)
      throw FormatError(
        .corrupt, "malformed JSON at column \(place.column): \(error.message)", line: place.line)
    }
    return try names(json, "")
  }

  static func names(_ literal: PythonLiteral) throws(FormatError) -> [String] {
    try names(literal.json(), "")
  }

  /// The keys under which class names are looked for, in this order.
  private static let keys = [
    "id2label", "label2id", "names", "class_names", "classes", "labels", "categories", "idx_to_class",
    "class_to_idx",
  ]

  private static func unknown(_ key: String) -> FormatError {
    FormatError(
      .corrupt, "holds no names of classes", node: key,
      remedy: "give a list of names, or a map of numbers and names, alone or under one of: "
        + keys.joined(separator: ", "))
  }

  private static func names(_ value: JSONText, _ key: String) throws(FormatError) -> [String] {
    switch value {
    case .array(let items): return try names(items, key, isCOCO: false)
    case .object(let members):
      guard !members.isEmpty else { throw LabelList.none }
      if let names = try map(members, key) { return names }
      guard key.isEmpty else { throw unknown(key) }
      return try document(value)
    default: throw unknown(key)
    }
  }

  /// An object that holds the names under a key.
  private static func document(_ value: JSONText) throws(FormatError) -> [String] {
    // The configuration of a timm model: synsets, with separate descriptions.
    if let synsets = (value["label_names"] ?? value["pretrained_cfg"]?["label_names"])?.array {
      let descriptions = value["label_descriptions"] ?? value["pretrained_cfg"]?["label_descriptions"]
      let named = synsets.map { item in item.string.flatMap { descriptions?[$0] } ?? item }
      return try names(named, "label_names", isCOCO: false)
    }
    for key in keys {
      guard let inner = value[key] else { continue }
      if case .null = inner { continue }
      // Lobe: {"classes": {"Label": [...]}}.
      if key == "classes", let list = inner["Label"] { return try names(list, "classes.Label") }
      if key == "categories", let items = inner.array { return try names(items, key, isCOCO: true) }
      return try names(inner, key)
    }
    throw unknown("")
  }

  /// A map from numbers to names or from names to numbers; nil if the object is neither.
  private static func map(_ members: [(key: String, value: JSONText)], _ key: String) throws(FormatError)
    -> [String]?
  {
    func place(_ inner: String) -> LabelList.Place { .key(key.isEmpty ? inner : "\(key).\(inner)") }
    let numbers = members.compactMap { $0.value.integer }
    if numbers.count == members.count {
      return try LabelList.ordered(
        zip(numbers, members).map { (index: $0, name: $1.key, place: place($1.key)) })
    }
    var entries: [LabelList.NumberedEntry] = []
    for member in members {
      guard let index = Int(member.key) else { return nil }
      guard let name = name(member.value) else {
        throw place(member.key).error("is no name of a class", remedy: "give every class a name")
      }
      entries.append((index, name, place(member.key)))
    }
    return try LabelList.ordered(entries)
  }

  /// A list of names, or of objects with a name and optionally a number.
  private static func names(_ items: [JSONText], _ key: String, isCOCO: Bool) throws(FormatError) -> [String]
  {
    var entries: [LabelList.NumberedEntry] = []
    var numbered = 0
    for (position, item) in items.enumerated() {
      let place = LabelList.Place.key("\(key)[\(position)]")
      guard let name = name(item) else {
        throw place.error("is no name of a class", remedy: "give every class a name")
      }
      let number = (item["id"] ?? item["index"])?.integer
      if number != nil { numbered += 1 }
      entries.append((number ?? position, name, place))
    }
    guard numbered == 0 || numbered == items.count else {
      throw FormatError(.corrupt, "some classes have a number and some have none", node: key)
    }
    guard numbered > 0 else { return try LabelList.checked(entries.map { ($0.name, $0.place) }) }
    guard isCOCO else { return try LabelList.ordered(entries) }
    // COCO's ids begin at 1 and have gaps; the classes are numbered in the order of the ids.
    let sorted = entries.sorted { $0.index < $1.index }
    for (one, next) in zip(sorted, sorted.dropFirst()) where one.index == next.index {
      throw next.place.error("the class \(next.index) is named twice")
    }
    return try LabelList.checked(sorted.map { ($0.name, $0.place) })
  }

  /// The name in a value: the value itself, the last item of a pair of synset and name, or a member.
  private static func name(_ value: JSONText) -> String? {
    switch value {
    case .string(let text): return text
    case .array(let items):
      let texts = items.compactMap(\.string)
      return texts.count == items.count ? texts.last : nil
    case .object: return (value["name"] ?? value["label"] ?? value["class"])?.string
    default: return nil
    }
  }
}
