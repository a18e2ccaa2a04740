import VisionSystem
import VisionTensor

/// The headers of a BMP (Windows bitmaps of versions 2 to 5, OS/2 bitmaps of versions 1 and 2).
struct BMPHeader {
  enum Compression { case none, rle8, rle4, masks }

  private(set) var info: ImageInfo
  private(set) var bits: Int
  private(set) var compression: Compression
  private(set) var isTopDown: Bool
  /// The offset of the pixels.
  private(set) var pixels: Int
  /// Blue, green and red of each index, one byte each; empty for pixels without indices.
  private(set) var palette: [UInt8] = []
  /// The bit masks of red, green and blue in a pixel of 16 or 32 bits.
  private(set) var masks: [UInt32]

  /// The possible sizes of the second header.
  private static let sizes: Set<Int> = [12, 40, 52, 56, 64, 108, 124]

  /// Whether a file begins like a BMP. Since two letters are not enough, the header that follows must be
  /// valid, too.
  static func isSignature(_ reader: ByteReader) -> Bool {
    var reader = reader
    reader.isLittleEndian = true
    guard reader.has("BM", at: 0) else { return false }
    guard reader.count >= 18 else { return reader.count < 10 || reader.long(6) == 0 }
    return reader.long(14).map { sizes.contains($0) || $0 == 16 } ?? false
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    var reader = ByteReader(bytes)
    reader.isLittleEndian = true
    guard let start = reader.long(10), let size = reader.long(14), reader.count >= 14 + size else {
      throw Self.truncated
    }
    guard Self.sizes.contains(size) else {
      throw ImageError.unsupported("BMP with a header of \(size) bytes")
    }
    let isOld = size == 12
    guard let width = isOld ? reader.word(18) : reader.long(18),
      let rows = isOld ? reader.word(20) : reader.long(22), let bits = reader.word(isOld ? 24 : 28)
    else { throw Self.truncated }
    // With a negative number, rows are stored from top to bottom.
    isTopDown = rows >= 1 << 31
    let height = isTopDown ? 1 << 32 - rows : rows
    guard width > 0, width < 1 << 31, height > 0 else {
      throw ImageError(.corrupt, "the BMP has the impossible size \(width)×\(height)")
    }
    guard [1, 4, 8, 16, 24, 32].contains(bits) else {
      throw ImageError.unsupported("BMP of \(bits) bits a pixel")
    }
    self.bits = bits
    compression = try Self.compression(isOld ? 0 : reader.long(30) ?? 0, bits)
    var end = 14 + size
    masks = try Self.masks(reader, size, bits, compression, &end)
    let colors = try Self.colors(isOld ? 0 : reader.long(46) ?? 0, bits)
    let entry = isOld ? 3 : 4
    if bits <= 8 { palette = try Self.palette(reader, end, colors, entry) }
    // Some programs forget to count the palette in the offset of the pixels.
    let isForgotten = start == 14 + size && bits <= 8
    pixels =
      isForgotten ? start + colors * entry : start == 0 ? end + (bits <= 8 ? colors * entry : 0) : start
    info = ImageInfo(
      format: .bmp, width: width, height: height, bitDepth: bits <= 8 ? bits : bits == 16 ? 5 : 8,
      colorModel: bits <= 8 ? .palette : .rgb)
  }

  private static func compression(_ number: Int, _ bits: Int) throws(ImageError) -> Compression {
    switch (number, bits) {
    case (0, _): return .none
    case (1, 8): return .rle8
    case (2, 4): return .rle4
    case (3, 16), (3, 32), (6, 16), (6, 32): return .masks
    // With 24 bits, masks have no effect.
    case (3, 24): return .none
    default: throw ImageError.unsupported("BMP of \(bits) bits a pixel with compression \(number)")
    }
  }

  /// The masks of the header, or the default ones.
  private static func masks(
    _ reader: ByteReader, _ size: Int, _ bits: Int, _ compression: Compression, _ end: inout Int
  ) throws(ImageError) -> [UInt32] {
    let usual: [UInt32] = bits == 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff_0000, 0xff00, 0xff]
    guard compression == .masks else { return usual }
    let start = 54
    // After a header of 40 bytes, masks are separate data.
    if size < 52 { end += 12 }
    var masks: [UInt32] = []
    for index in 0..<3 {
      guard let mask = reader.long(start + 4 * index).flatMap({ UInt32(exactly: $0) }) else {
        throw truncated
      }
      masks.append(mask)
    }
    if masks == [0, 0, 0] { return usual }
    // The bits of each color must be contiguous.
    let areWhole = masks.allSatisfy { mask in
      guard mask != 0 else { return false }
      let most = mask >> UInt32(mask.trailingZeroBitCount)
      return (most & (most &+ 1)) == 0
    }
    guard areWhole else { throw ImageError(.corrupt, "the BMP's masks of colors make no sense") }
    return masks
  }

  private static func colors(_ number: Int, _ bits: Int) throws(ImageError) -> Int {
    guard bits <= 8 else { return 0 }
    guard number <= 65_536 else { throw ImageError(.corrupt, "the BMP has a palette of \(number) colors") }
    return number == 0 ? 1 << bits : number
  }

  private static func palette(
    _ reader: ByteReader, _ start: Int, _ colors: Int, _ entry: Int
  ) throws(ImageError) -> [UInt8] {
    guard let bytes = reader.slice(start..<start + colors * entry) else { throw truncated }
    // If each color is the gray of its index, Pillow uses all indices as grays, even those beyond the
    // palette.
    let isGray =
      colors > 2
      && (0..<min(colors, 256)).allSatisfy { color in
        (0..<3).allSatisfy { Int(bytes[color * entry + $0]) == color }
      }
    if isGray { return (0..<768).map { UInt8($0 / 3) } }
    var palette = [UInt8](repeating: 0, count: 768)
    for color in 0..<min(colors, 256) {
      for channel in 0..<3 { palette[color * 3 + channel] = bytes[color * entry + channel] }
    }
    return palette
  }

  private static var truncated: ImageError { ImageError(.truncated, "the BMP ends inside its header") }
}
