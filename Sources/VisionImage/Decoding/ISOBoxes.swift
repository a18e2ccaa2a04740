import VisionSystem
import VisionTensor

/// The boxes of an ISO media file (ISO/IEC 14496-12) inside a range of its bytes.
struct ISOBoxes: Sequence, IteratorProtocol {
  struct Box {
    /// Four letters.
    let name: Int
    /// The range after the name; it may extend beyond the file.
    let data: Range<Int>

    func isNamed(_ text: StaticString) -> Bool { name == ISOBoxes.name(text) }

    /// Version and flags, with which some boxes begin, and the offset after them.
    func version(_ reader: ByteReader) -> (version: Int, flags: Int, start: Int)? {
      guard data.count >= 4, let version = reader.byte(data.lowerBound),
        let flags = reader.triple(data.lowerBound + 1)
      else { return nil }
      return (version, flags, data.lowerBound + 4)
    }
  }

  private let reader: ByteReader
  private var offset: Int
  private let end: Int

  init(_ reader: ByteReader, _ range: Range<Int>) {
    self.reader = reader
    (offset, end) = (range.lowerBound, Swift.min(range.upperBound, reader.count))
  }

  mutating func next() -> Box? {
    guard offset + 8 <= end, var size = reader.long(offset), let name = reader.long(offset + 4) else {
      return nil
    }
    var header = 8
    if size == 1 {
      guard let large = reader.quad(offset + 8) else { return nil }
      (size, header) = (large, 16)
    } else if size == 0 {
      // The last box extends to the end.
      size = end - offset
    }
    guard size >= header else { return nil }
    defer { offset += size }
    return Box(name: name, data: offset + header..<offset + size)
  }

  static func name(_ text: StaticString) -> Int {
    (0..<4).reduce(0) { $0 << 8 | Int(text.utf8Start[$1]) }
  }
}
