/// A key of a JSON object, whatever it is.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  /// - Throws: `ServiceError` for a key that is not known, since a misspelt one would be ignored silently.
  static func refuseOthers(than known: [String], in decoder: any Decoder) throws {
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw ServiceError(
        .malformed, "there is no member '\(key.stringValue)'",
        remedy: "there are \(known.joined(separator: ", "))")
    }
  }
}
