import VisionSystem
import VisionTensor

/// Text as HTML and SVG take it.
package enum Markup {
  /// The text as the content of an element or of an attribute in quotation marks: nothing in it is markup any more.
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

  /// A name of somebody else's: escaped, and kept from changing the direction of what stands around it.
  package static func name(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }

  /// A coordinate: at most two digits after the point.
  package static func coordinate(_ number: Double) -> String {
    let rounded = (number * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(saturating: rounded))" : "\(rounded)"
  }
}
