import VisionSystem
import VisionTensor

/// Text for HTML and SVG.
package enum Markup {
  /// The text as the content of an element or of a quoted attribute, with all markup characters escaped.
  ///
  /// Control characters, which HTML forbids, become U+FFFD.
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
        result.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
      }
    }
    return result
  }

  /// A name from outside: escaped, and isolated so that it does not affect the text direction around it.
  package static func name(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }

  /// A coordinate with at most two decimals.
  package static func coordinate(_ number: Double) -> String {
    let rounded = (number * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(saturating: rounded))" : "\(rounded)"
  }
}
