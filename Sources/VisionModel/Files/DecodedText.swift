/// Text from bytes as editors and spreadsheets write them: UTF-8 with or without a byte order mark, and UTF-16.
package enum DecodedText {
  /// The text without its byte order mark; nil when the bytes are neither UTF-8 nor UTF-16.
  ///
  /// UTF-16 without a mark is known by its zero bytes, of which text has none otherwise: every other one of the first two
  /// characters, which are of ASCII in all the formats that are read here.
  package static func of(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return utf8(bytes.dropFirst(3)) }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), isLittle: true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), isLittle: false) }
    if bytes.count >= 4, bytes.count.isMultiple(of: 2) {
      switch (bytes[0] == 0, bytes[1] == 0, bytes[2] == 0, bytes[3] == 0) {
      case (false, true, false, true): return utf16(bytes[...], isLittle: true)
      case (true, false, true, false): return utf16(bytes[...], isLittle: false)
      default: break
      }
    }
    return utf8(bytes[...])
  }

  private static func utf8(_ bytes: ArraySlice<UInt8>) -> String? {
    bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, isLittle: Bool) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return units.contains(0) ? nil : String(validating: units, as: UTF16.self)
  }

  /// The line and the column, each from 1 on, of the byte at `offset` of a text in UTF-8; columns count characters.
  package static func position(of offset: Int, in text: String) -> (line: Int, column: Int) {
    let before = String(decoding: text.utf8.prefix(max(0, offset)), as: UTF8.self)
    let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return (max(1, lines.count), (lines.last?.count ?? 0) + 1)
  }
}
