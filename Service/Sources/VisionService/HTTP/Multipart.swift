/// The parts of a `multipart/form-data` body (RFC 7578).
struct Multipart {
  struct Part {
    var name: String
    var fileName: String?
    var type: String?
    var content: ArraySlice<UInt8>
  }

  let parts: [Part]

  /// - Parameter limit: the most parts.
  /// - Throws: `malformed`, `tooLarge`.
  init(_ bytes: [UInt8], boundary: String, limit: Int) throws(ServiceError) {
    guard (1...70).contains(boundary.utf8.count) else {
      throw ServiceError(.malformed, "the boundary must have from 1 to 70 characters")
    }
    let delimiter = Array("\r\n--\(boundary)".utf8)
    // The first delimiter may begin the body.
    guard var position = Self.first(Array(delimiter.dropFirst(2)), in: bytes, from: 0) else {
      throw ServiceError(.malformed, "the body does not hold its boundary")
    }
    position += delimiter.count - 2
    var parts: [Part] = []
    while true {
      if bytes[position...].starts(with: [0x2d, 0x2d]) { break }
      while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
      guard bytes[position...].starts(with: [0x0d, 0x0a]),
        let end = Self.first(delimiter, in: bytes, from: position)
      else { throw ServiceError(.malformed, "the body ends within a part") }
      guard parts.count < limit else { throw ServiceError(.tooLarge, "there are more than \(limit) parts") }
      parts.append(try Self.part(bytes[(position + 2)..<max(end, position + 2)]))
      position = end + delimiter.count
    }
    self.parts = parts
  }

  /// A part from behind its delimiter to before the next one.
  private static func part(_ bytes: ArraySlice<UInt8>) throws(ServiceError) -> Part {
    var part = Part(name: "", content: [])
    var rest = bytes
    var hasDisposition = false
    for _ in 0..<16 {
      guard let end = line(rest) else { break }
      let text = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
      rest = rest[(end + 2)...]
      if text.isEmpty {
        guard hasDisposition else { throw ServiceError(.malformed, "a part has no Content-Disposition") }
        part.content = rest
        return part
      }
      guard let colon = text.firstIndex(of: ":") else {
        throw ServiceError(.malformed, "a part has a header without a colon")
      }
      let value = HeaderValue(String(text[text.index(after: colon)...]))
      switch text[..<colon].lowercased() {
      case "content-disposition":
        guard value.word == "form-data", let name = value.parameters["name"] else {
          throw ServiceError(.malformed, "a part is not form-data with a name")
        }
        (part.name, part.fileName, hasDisposition) = (name, value.parameters["filename"], true)
      case "content-type": part.type = value.word
      case "content-transfer-encoding":
        guard ["binary", "8bit", "7bit"].contains(value.word) else {
          throw ServiceError(.unsupported, "the transfer encoding \(value.word) of a part")
        }
      default: break
      }
    }
    throw ServiceError(.malformed, "the header of a part does not end")
  }

  /// Where the first line ends; nil where none does.
  private static func line(_ bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex, index - bytes.startIndex < 8192 {
      if bytes[index] == 0x0d, bytes[index + 1] == 0x0a { return index }
      index += 1
    }
    return nil
  }

  /// The first place of a pattern, by Horspool's algorithm.
  static func first(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let last = pattern.last, bytes.count - start >= pattern.count else { return nil }
    var shifts = [Int](repeating: pattern.count, count: 256)
    for (index, byte) in pattern.dropLast().enumerated() { shifts[Int(byte)] = pattern.count - 1 - index }
    return bytes.withUnsafeBufferPointer { bytes in
      var end = start + pattern.count - 1
      while end < bytes.count {
        if bytes[end] == last, bytes[(end - pattern.count + 1)...end].elementsEqual(pattern) {
          return end - pattern.count + 1
        }
        end += shifts[Int(bytes[end])]
      }
      return nil
    }
  }
}
