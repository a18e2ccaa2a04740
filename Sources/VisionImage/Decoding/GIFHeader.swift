import VisionSystem
import VisionTensor

/// The contents of a GIF before the pixels of its first frame (GIF89a specification, W3C's copy of 1990).
struct GIFHeader {
  private(set) var info: ImageInfo
  /// The position and size of the first frame on the canvas.
  private(set) var frame = (x: 0, y: 0, width: 0, height: 0)
  /// The offset of the compressed pixels, which begin with the size of the first code.
  private(set) var pixels: Int
  private(set) var isInterlaced: Bool
  /// Red, green and blue of each index; nil if the indices are shades of gray.
  private(set) var palette: [UInt8]?
  /// The index of canvas pixels outside the frame.
  private(set) var background = 0

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    var reader = ByteReader(bytes)
    reader.isLittleEndian = true
    guard let screenWidth = reader.word(6), let screenHeight = reader.word(8), let flags = reader.byte(10),
      reader.byte(12) != nil
    else { throw Self.truncated }
    var offset = 13
    var colors = Self.palette(reader, &offset, flags)
    let start = try Self.findFrame(reader, &offset, background: &background)
    guard let x = reader.word(start), let y = reader.word(start + 2), let width = reader.word(start + 4),
      let height = reader.word(start + 6), let local = reader.byte(start + 8)
    else { throw Self.truncated }
    guard width > 0, height > 0 else { throw ImageError(.corrupt, "the GIF's first frame is empty") }
    offset = start + 9
    if local & 0x80 != 0 { colors = Self.palette(reader, &offset, local) }
    guard reader.byte(offset) != nil else { throw Self.truncated }
    frame = (x, y, width, height)
    isInterlaced = local & 0x40 != 0
    pixels = offset
    palette = colors.flatMap { Self.isGray($0) ? nil : $0 }
    info = ImageInfo(
      format: .gif, width: max(screenWidth, x + width), height: max(screenHeight, y + height), bitDepth: 8,
      colorModel: palette == nil ? .gray : .palette, isInterlaced: isInterlaced,
      isAnimated: Self.hasFrame(reader, after: offset))
  }

  /// Reads the palette that the flags declare and moves `offset` to its end; nil if there is none.
  private static func palette(_ reader: ByteReader, _ offset: inout Int, _ flags: Int) -> [UInt8]? {
    guard flags & 0x80 != 0 else { return nil }
    let count = 3 << (flags & 7 + 1)
    let bytes = reader.slice(offset..<min(offset + count, max(reader.count, offset)))
    offset += count
    return bytes.map { Array($0) }
  }

  /// Whether each color is the gray of its own index. As in Pillow, indices beyond such a palette are grays,
  /// too.
  private static func isGray(_ palette: [UInt8]) -> Bool {
    palette.indices.allSatisfy { Int(palette[$0]) == $0 / 3 }
  }

  /// The offset of the next frame's descriptor. Bytes that are neither extension nor frame are skipped, as in
  /// Pillow.
  private static func findFrame(
    _ reader: ByteReader, _ offset: inout Int, background: inout Int
  ) throws(ImageError) -> Int {
    while let byte = reader.byte(offset) {
      offset += 1
      switch byte {
      case 0x2c: return offset
      case 0x3b: throw ImageError(.corrupt, "the GIF holds no image")
      case 0x21:
        // A graphic control extension declares the transparent index.
        if reader.byte(offset) == 0xf9, let flags = reader.byte(offset + 2), flags & 1 == 1,
          let index = reader.byte(offset + 5)
        {
          background = index
        }
        offset += 1
        skipBlocks(reader, &offset)
      default: continue
      }
    }
    throw truncated
  }

  private static func skipBlocks(_ reader: ByteReader, _ offset: inout Int) {
    while let length = reader.byte(offset) {
      offset += length + 1
      if length == 0 { return }
    }
  }

  private static func hasFrame(_ reader: ByteReader, after pixels: Int) -> Bool {
    var offset = pixels + 1
    skipBlocks(reader, &offset)
    var background = 0
    return (try? findFrame(reader, &offset, background: &background)) != nil
  }

  private static var truncated: ImageError { ImageError(.truncated, "the GIF ends inside its header") }
}
