import VisionSystem

/// Numbers in files of annotations.
enum AnnotationNumber {
  /// The number that a text means; nil unless it is finite and in decimal notation.
  static func parse(_ text: some StringProtocol) -> Double? {
    // `Double` would take hexadecimal digits, "nan" and "infinity" as well.
    guard !text.isEmpty, text.utf8.allSatisfy(isPart), let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  /// Whether a byte can be part of a number in decimal notation.
  static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  /// Whether a mark is set, as texts say it: `1`, `true`, `yes`; nil for what is neither that nor its opposite.
  static func mark(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "1", "1.0", "true", "yes": true
    case "", "0", "0.0", "false", "no", "unspecified": false
    default: nil
    }
  }
}
