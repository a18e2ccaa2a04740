import VisionSystem
import VisionTensor

/// Base64 as defined by RFC 4648, section 4.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  /// The value of each byte as a digit; 255 for bytes that are not digits.
  private static let values = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  package static func text(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var word: UInt32 = 0
      for offset in 0..<3 { word = word << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
      for digit in 0..<4 {
        result.append(digit <= count ? alphabet[Int(word >> (18 - 6 * UInt32(digit))) & 63] : padding)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Nil if the text is not valid Base64.
  static func bytes(_ text: String) -> [UInt8]? {
    var digits = Array(text.utf8)
    guard digits.count % 4 == 0 else { return nil }
    var missing = 0
    while missing < 2, digits.last == padding {
      digits.removeLast()
      missing += 1
    }
    var result: [UInt8] = []
    result.reserveCapacity(digits.count / 4 * 3 + 3)
    var (word, bits): (UInt32, UInt32) = (0, 0)
    for digit in digits {
      let value = values[Int(digit)]
      guard value < 64 else { return nil }
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(truncatingIfNeeded: word >> bits))
        word &= (1 << bits) - 1
      }
    }
    return word == 0 ? result : nil
  }
}
