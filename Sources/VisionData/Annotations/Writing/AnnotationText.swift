import VisionSystem

/// Numbers and texts as files of annotations have them.
enum AnnotationText {
  /// The number with the digits that give it back; a whole one without a fraction.
  static func number(_ value: Double) -> String {
    if abs(value) < 1e15, let whole = Int(exactly: value) { return "\(whole)" }
    return "\(value)"
  }

  /// Text for the content or an attribute of an XML element.
  static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      // XML has no way to write other control characters.
      case "\u{0}"..<"\u{20}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text as a quoted scalar of YAML.
  static func yaml(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
        let digits = String(scalar.value, radix: 16)
        result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      default:
        if scalar == "\"" || scalar == "\\" { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A field of a table with commas.
  static func field(_ text: String) -> String {
    let needsQuotes =
      text.utf8.contains { ",\"\n\r;|\t".utf8.contains($0) } || XMLReader.trimmed(text) != text
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
