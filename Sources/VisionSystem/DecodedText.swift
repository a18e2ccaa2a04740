/// Text in common encodings: UTF-8 with or without a byte order mark, and UTF-16.
package struct DecodedText: Sendable {
  /// Why bytes are not text, and where.
  package struct Failure: Error, Hashable {
    package let message: String
    /// From 1.
    package let line: Int
  }

  /// The text without the byte order mark.
  package let string: String

  /// Decodes a whole file.
  ///
  /// Bytes without a byte order mark are decoded as UTF-16 if, at the beginning, most bytes at even offsets
  /// or most at odd offsets are zero, as for Latin letters.
  ///
  /// - Throws: `Failure` with the line of the first byte that is not valid in the encoding, or of a zero
  ///   character.
  package init(_ bytes: [UInt8]) throws(Failure) {
    if bytes.starts(with: [0xff, 0xfe, 0, 0]) || bytes.starts(with: [0, 0, 0xfe, 0xff]) {
      throw Failure(message: "the file is text in UTF-32", line: 1)
    }
    if bytes.starts(with: [0xff, 0xfe]) {
      string = try Self.wide(bytes[2...], isBigEndian: false)
    } else if bytes.starts(with: [0xfe, 0xff]) {
      string = try Self.wide(bytes[2...], isBigEndian: true)
    } else if let isBigEndian = Self.looksWide(bytes) {
      string = try Self.wide(bytes[...], isBigEndian: isBigEndian)
    } else {
      let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
      string = try Self.narrow(start == 0 ? bytes : Array(bytes[start...]))
    }
  }

  private static func narrow(_ bytes: [UInt8]) throws(Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      var (decoder, iterator, line) = (UTF8(), bytes.makeIterator(), 1)
      // A carriage return and the line feed after it end one line.
      var isAfterReturn = false
      decoding: while true {
        switch decoder.decode(&iterator) {
        case .scalarValue(let scalar):
          if scalar == "\r" || scalar == "\n" && !isAfterReturn { line += 1 }
          isAfterReturn = scalar == "\r"
        case .emptyInput, .error: break decoding
        }
      }
      throw Failure(message: "the file is not text in UTF-8", line: line)
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw Failure(message: "the text has a zero byte", line: line(bytes[..<zero]))
    }
    return text
  }

  private static func wide(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) throws(Failure) -> String {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
      index += 2
    }
    let whole = String(decoding: units, as: UTF16.self)
    guard bytes.count.isMultiple(of: 2), String(validating: units, as: UTF16.self) != nil else {
      let replaced = Array(whole.utf8)
      // The first invalid unit was replaced by U+FFFD.
      let bad = replaced.indices.first { replaced[$0...].starts(with: [0xef, 0xbf, 0xbd]) }
      throw Failure(
        message: "the file is not text in UTF-16", line: line(replaced[..<(bad ?? replaced.count)]))
    }
    if let zero = units.firstIndex(of: 0) {
      throw Failure(
        message: "the text has a zero character",
        line: line(Array(String(decoding: units[..<zero], as: UTF16.self).utf8)[...]))
    }
    return whole
  }

  /// Whether text without a byte order mark is big-endian UTF-16; nil when it is not UTF-16.
  private static func looksWide(_ bytes: [UInt8]) -> Bool? {
    guard bytes.count >= 4, bytes.count.isMultiple(of: 2) else { return nil }
    let head = bytes.prefix(512)
    var zeros = (even: 0, odd: 0)
    for (index, byte) in head.enumerated() where byte == 0 {
      if index.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
    }
    let most = head.count / 2
    if zeros.even == 0, zeros.odd * 10 >= most * 7 { return false }
    if zeros.odd == 0, zeros.even * 10 >= most * 7 { return true }
    return nil
  }

  /// The number of the line, from 1, in which the bytes end.
  private static func line(_ bytes: ArraySlice<UInt8>) -> Int {
    var (line, isAfterReturn) = (1, false)
    for byte in bytes {
      if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") && !isAfterReturn { line += 1 }
      isAfterReturn = byte == UInt8(ascii: "\r")
    }
    return line
  }

  /// The text of a whole file; nil when the bytes are not text.
  package static func of(_ bytes: [UInt8]) -> String? { try? DecodedText(bytes).string }

  /// The line and column, both from 1, of the UTF-8 byte at `offset`; columns count characters.
  package static func position(of offset: Int, in text: String) -> (line: Int, column: Int) {
    let before = String(decoding: text.utf8.prefix(max(0, offset)), as: UTF8.self)
    let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return (max(1, lines.count), (lines.last?.count ?? 0) + 1)
  }
}
