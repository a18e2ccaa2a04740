import VisionSystem
import VisionTensor

/// The palette indices of a BMP in run-length coding, with rows in the order of the file. Skipped pixels have
/// index 0.
struct BMPRuns {
  let indices: PixelStorage
  /// The problem if pixels are missing.
  private(set) var damage: String?

  private let width: Int
  private let count: Int
  private let bytes: UnsafeRawBufferPointer
  private let is4Bit: Bool
  private var offset: Int
  /// The next pixel and its column. A run ends at the end of its row; absolute pixels continue in the next
  /// row, as in Pillow.
  private var position = 0
  private var column = 0

  /// - Throws: `truncated` if the file ends before the image and that is not allowed; `outOfMemory`.
  init(_ bytes: UnsafeRawBufferPointer, _ header: BMPHeader, allowsTruncated: Bool) throws(ImageError) {
    self.bytes = bytes
    (width, offset, is4Bit) = (header.info.width, header.pixels, header.compression == .rle4)
    count = header.info.width * header.info.height
    indices = try PixelStorage(byteCount: count)
    indices.base.update(repeating: 0, count: count)
    while position < count {
      guard let length = next(), let value = next() else {
        let text = "the file ends inside the image"
        guard allowsTruncated, position > 0 else {
          throw ImageError(.truncated, "the BMP is cut short: \(text)")
        }
        damage = "the BMP is damaged: \(text)"
        return
      }
      if length > 0 {
        run(length, value)
      } else if value == 0 {
        position = (position + width - 1) / width * width
        column = 0
      } else if value == 1 {
        return
      } else if value == 2 {
        let (right, up) = (next() ?? 0, next() ?? 0)
        position = min(count, position + right + up * width)
        column = position % width
      } else {
        absolute(value)
      }
    }
  }

  private mutating func next() -> Int? {
    guard offset < bytes.count else { return nil }
    defer { offset += 1 }
    return Int(bytes[offset])
  }

  private mutating func run(_ length: Int, _ value: Int) {
    let length = min(length, max(0, width - column), count - position)
    for index in 0..<length {
      indices.base[position] = UInt8(is4Bit ? (index % 2 == 0 ? value >> 4 : value & 15) : value)
      position += 1
    }
    column += length
  }

  private mutating func absolute(_ length: Int) {
    let start = offset
    for index in 0..<min(length, count - position) {
      let place = start + (is4Bit ? index / 2 : index)
      guard place < bytes.count else { break }
      let value = bytes[place]
      indices.base[position] = is4Bit ? (index % 2 == 0 ? value >> 4 : value & 15) : value
      position += 1
    }
    column += length
    // Pixels are padded to whole 16-bit words.
    let used = start + (is4Bit ? (length + 1) / 2 : length)
    offset = used + used % 2
  }
}
