import Foundation

/// Checks JSON against a schema: the part of JSON Schema, draft 2020-12, that `docs/schema` uses. Any other keyword is a
/// fault, so that none is passed over.
struct JSONSchema {
  private let document: JSONValue

  init(_ text: String) throws { document = try JSONValue(text) }

  /// That of the records of `visionnet`.
  static func records() throws -> JSONSchema {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONSchema(
      String(contentsOf: root.appendingPathComponent("docs/schema/records.json"), encoding: .utf8))
  }

  /// The names of `$defs`.
  var definitions: [String] { (document["$defs"]?.members ?? [:]).keys.sorted() }

  /// What is wrong with a value; empty when nothing is.
  ///
  /// - Parameter definition: one of `$defs`; nil for the whole schema.
  func faults(of value: JSONValue, as definition: String? = nil) -> [String] {
    guard let definition else { return faults(value, document, "$") }
    return faults(value, .object(["$ref": .string("#/$defs/\(definition)")]), "$")
  }

  private func faults(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
    guard let keywords = schema.members else {
      // `true` and `false` are schemas too.
      return schema == .bool(true) ? [] : ["\(place): nothing is allowed here"]
    }
    return keywords.sorted { $0.key < $1.key }.flatMap { faults(value, $0.key, $0.value, keywords, place) }
  }

  private func faults(
    _ value: JSONValue, _ keyword: String, _ wanted: JSONValue, _ schema: [String: JSONValue], _ place: String
  ) -> [String] {
    switch keyword {
    case "description", "title", "format", "$schema", "$defs": return []
    case "$ref": return reference(value, wanted, place)
    case "type":
      let names = wanted.elements ?? [wanted]
      return names.contains { Self.isOf(value, $0) } ? [] : ["\(place): \(value) is not \(names)"]
    case "const": return value == wanted ? [] : ["\(place): \(value) is not \(wanted)"]
    case "enum":
      return wanted.elements?.contains(value) == true ? [] : ["\(place): \(value) is none of \(wanted)"]
    case "minimum", "maximum", "minItems", "maxItems": return bound(value, keyword, wanted, place)
    case "required":
      guard let members = value.members else { return [] }
      return (wanted.elements ?? []).compactMap(\.string).filter { members[$0] == nil }
        .map { "\(place): lacks \($0)" }
    case "properties":
      guard let members = value.members, let rules = wanted.members else { return [] }
      return members.flatMap { key, member in
        rules[key].map { faults(member, $0, "\(place).\(key)") } ?? []
      }
    case "additionalProperties":
      let known = schema["properties"]?.members ?? [:]
      return (value.members ?? [:]).filter { known[$0.key] == nil }
        .flatMap { faults($0.value, wanted, "\(place).\($0.key)") }
    case "items":
      return (value.elements ?? []).enumerated().flatMap { faults($1, wanted, "\(place)[\($0)]") }
    case "oneOf", "anyOf": return choice(value, keyword, wanted, place)
    default: return ["\(place): the keyword \(keyword) is not known to the test"]
    }
  }

  private func reference(_ value: JSONValue, _ wanted: JSONValue, _ place: String) -> [String] {
    let prefix = "#/$defs/"
    guard let name = wanted.string, name.hasPrefix(prefix),
      let target = document["$defs"]?[String(name.dropFirst(prefix.count))]
    else { return ["\(place): there is no \(wanted)"] }
    return faults(value, target, place)
  }

  private func choice(_ value: JSONValue, _ keyword: String, _ wanted: JSONValue, _ place: String) -> [String]
  {
    let outcomes = (wanted.elements ?? []).map { faults(value, $0, place) }
    let count = outcomes.count(where: \.isEmpty)
    if keyword == "oneOf" ? count == 1 : count > 0 { return [] }
    // What is nearest to fitting is what helps.
    return ["\(place): \(count) of \(keyword) fit"] + (outcomes.min { $0.count < $1.count } ?? [])
  }

  private func bound(_ value: JSONValue, _ keyword: String, _ wanted: JSONValue, _ place: String) -> [String]
  {
    let size = keyword.hasSuffix("Items") ? value.elements.map { Double($0.count) } : value.number
    guard let size, let bound = wanted.number else { return [] }
    let fits = keyword.hasPrefix("min") ? size >= bound : size <= bound
    return fits ? [] : ["\(place): \(size) against \(keyword) \(bound)"]
  }

  private static func isOf(_ value: JSONValue, _ type: JSONValue) -> Bool {
    switch (type.string, value) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
      ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
