import VisionSystem
import VisionTensor

/// A table as text: records of fields between separators, as defined by RFC 4180.
///
/// A quoted field may contain separators, line ends and doubled quotation marks. Lines end with CR LF, LF or
/// CR. Spaces around a field count only inside quotation marks. Empty lines are omitted.
struct DelimitedText {
  struct Record: Hashable {
    /// The line on which it begins, starting at 1.
    let line: Int
    let fields: [String]
  }

  /// The possible separators of fields, the most common first.
  static let separators = Array(",\t;|".utf8)

  private(set) var records: [Record] = []

  /// Parses `bytes`, which must be UTF-8.
  ///
  /// - Parameters:
  ///   - place: the file, for errors.
  ///   - limit: the maximum number of records; nil reads all.
  ///   - trims: whether spaces around fields are removed.
  /// - Throws: `DatasetError` of the kind `table` with the line, for an unclosed quotation mark and for text
  ///   after a closing one.
  init(_ bytes: [UInt8], separator: UInt8, place: String, limit: Int? = nil, trims: Bool = true)
    throws(DatasetError)
  {
    var reader = Reader(bytes: bytes, separator: separator, place: place, trims: trims)
    while records.count < limit ?? Int.max, let record = try reader.next() { records.append(record) }
  }

  /// Reads the bytes in one pass.
  private struct Reader {
    let bytes: [UInt8]
    let separator: UInt8
    let place: String
    let trims: Bool
    var index = 0
    var line = 1

    /// The next record that is not an empty line; nil at the end.
    mutating func next() throws(DatasetError) -> Record? {
      while index < bytes.count {
        let start = line
        var fields: [String] = []
        var isAnythingQuoted = false
        var isOpen = true
        while isOpen {
          let field = try field()
          fields.append(field.text)
          isAnythingQuoted = isAnythingQuoted || field.isQuoted
          isOpen = index < bytes.count && bytes[index] == separator
          if isOpen { index += 1 }
        }
        skipEndOfLine()
        if fields.count > 1 || isAnythingQuoted || fields.first != "" {
          return Record(line: start, fields: fields)
        }
      }
      return nil
    }

    /// The field at `index`, which afterwards is at the separator or the end of the line.
    private mutating func field() throws(DatasetError) -> (text: String, isQuoted: Bool) {
      let start = index
      if trims { skipBlanks() }
      if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
        let text = try quoted()
        if trims { skipBlanks() }
        guard isAtEnd else {
          throw DatasetError(
            .table, "there is text after a closing quotation mark", place: "\(place), line \(line)",
            remedy: "write a quotation mark inside a field twice: \"\"")
        }
        return (text, true)
      }
      while !isAtEnd { index += 1 }
      let text = String(decoding: bytes[start..<index], as: UTF8.self)
      return (trims ? Self.trimmed(text) : text, false)
    }

    private var isAtEnd: Bool {
      guard index < bytes.count else { return true }
      let byte = bytes[index]
      return byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// The quoted text; afterwards `index` is after the closing quotation mark.
    private mutating func quoted() throws(DatasetError) -> String {
      let start = line
      index += 1
      var text: [UInt8] = []
      while index < bytes.count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") {
          index += 1
          guard index < bytes.count, bytes[index] == byte else {
            return String(decoding: text, as: UTF8.self)
          }
        } else if byte == UInt8(ascii: "\n")
          || byte == UInt8(ascii: "\r")
            && !(index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n"))
        {
          line += 1
        }
        text.append(byte)
        index += 1
      }
      throw DatasetError(
        .table, "a quotation mark is not closed", place: "\(place), line \(start)",
        remedy: "close it, or write it twice inside quotation marks")
    }

    private mutating func skipEndOfLine() {
      guard index < bytes.count else { return }
      let isReturn = bytes[index] == UInt8(ascii: "\r")
      index += 1
      if isReturn, index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
      line += 1
    }

    /// Skips spaces, tabs that are not separators, and no-break spaces.
    private mutating func skipBlanks() {
      while index < bytes.count, bytes[index] != separator {
        if bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") {
          index += 1
        } else if bytes[index...].starts(with: [0xc2, 0xa0]) {
          index += 2
        } else {
          return
        }
      }
    }

    private static func trimmed(_ text: String) -> String {
      let scalars = text.unicodeScalars
      guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
        let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
      else { return "" }
      return String(scalars[first...last])
    }
  }
}
