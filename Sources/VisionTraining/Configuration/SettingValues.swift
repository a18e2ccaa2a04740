import VisionSystem
import VisionTensor

/// The values of a setting: how they are read and written, and their range.
struct SettingValues<Value: Sendable>: Sendable {
  /// Such as `a whole number from 1 to 65536`.
  let wanted: String
  /// Whether any text is a value.
  var isText = false
  /// Returns nil for a text that is not of the type and range.
  let read: @Sendable (String) -> Value?
  /// Returns nil for a value that is nil.
  let write: @Sendable (Value) -> String?
}

extension SettingValues {
  /// A value, or none.
  static func optional<Wrapped>(_ values: SettingValues<Wrapped>) -> Self where Value == Wrapped? {
    SettingValues(
      wanted: values.wanted, isText: values.isText, read: { text in values.read(text).map { $0 } },
      write: { $0.flatMap(values.write) })
  }

  /// Values that `read` parses and `description` writes.
  static func described(_ wanted: String, read: @escaping @Sendable (String) -> Value?) -> Self
  where Value: CustomStringConvertible {
    SettingValues(wanted: wanted, read: read, write: { $0.description })
  }

  static func whole(_ range: ClosedRange<Value>) -> Self where Value: FixedWidthInteger {
    SettingValues(
      wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { text in Value(String(text)).flatMap { range.contains($0) ? $0 : nil } }, write: { "\($0)" })
  }
}

extension SettingValues where Value: RawRepresentable<String> & CaseIterable {
  /// One of the cases, by name.
  static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return SettingValues(
      wanted: names.dropLast().joined(separator: ", ") + " or " + (names.last ?? ""),
      read: { Value(rawValue: $0) }, write: { $0.rawValue })
  }
}

extension SettingValues where Value == String {
  static let text = SettingValues(
    wanted: "text", isText: true, read: { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }, write: { $0 })
}

extension SettingValues where Value == Bool {
  static let flag = SettingValues(
    wanted: "true or false", read: { Bool($0) }, write: { $0 ? "true" : "false" })
}

extension SettingValues where Value == Double {
  /// - Parameter wanted: the range in words.
  static func number(_ wanted: String, where isInRange: @escaping @Sendable (Double) -> Bool) -> Self {
    SettingValues(
      wanted: "a number \(wanted)",
      read: { text in Double(text).flatMap { $0.isFinite && isInRange($0) ? $0 : nil } }, write: { "\($0)" })
  }

  /// A share in 0..<1.
  static let share = number("of at least 0 and below 1") { (0..<1).contains($0) }
  static let upTo10 = number("from 0 to 10") { (0...10).contains($0) }
}
