import VisionTensor

/// Text as HTML and SVG take it.
enum Markup {
  /// The text as the content of an element or of an attribute in quotation marks: nothing in it is markup any more.
  ///
  /// Control characters, which HTML forbids, become U+FFFD.
  static func escaped(_ text: String) -> String {
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
  static func name(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }

  /// A coordinate: at most two digits after the point.
  static func coordinate(_ number: Double) -> String {
    let rounded = (number * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(saturating: rounded))" : "\(rounded)"
  }

  /// As RFC 4648 section 4.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var word: UInt32 = 0
      for offset in 0..<3 { word = word << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
      for digit in 0..<4 {
        let position = Int(word >> (18 - 6 * UInt32(digit))) & 63
        result.append(digit <= count ? alphabet[position] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
