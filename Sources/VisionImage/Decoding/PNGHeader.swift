import VisionTensor

/// What the chunks of a PNG say before any pixel is decoded.
struct PNGHeader {
  let info: ImageInfo
  /// The fewest bytes that the compressed pixels can take: deflate shrinks to 1/1032 at best.
  let minimumFileBytes: Int

  /// Reads IHDR with its checksum, and eXIf wherever it stands.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    let reader = ByteReader(bytes)
    guard bytes.count >= 33 else { throw ImageError(.truncated, "the PNG ends inside its header") }
    guard reader.has("IHDR", at: 12), reader.long(8) == 13,
      let width = reader.long(16), let height = reader.long(20), let depth = reader.byte(24),
      let color = reader.byte(25), let interlace = reader.byte(28), let checksum = reader.long(29),
      checksum == Self.checksum(bytes, 12..<29)
    else { throw ImageError(.corrupt, "the PNG header is damaged") }
    guard (1...0x7fff_ffff).contains(width), (1...0x7fff_ffff).contains(height), interlace <= 1,
      reader.word(26) == 0
    else { throw ImageError(.corrupt, "the PNG header holds an impossible size or method") }
    let (model, channels, depths): (ImageInfo.ColorModel, Int, Set<Int>)
    switch color {
    case 0: (model, channels, depths) = (.grey, 1, [1, 2, 4, 8, 16])
    case 2: (model, channels, depths) = (.rgb, 3, [8, 16])
    case 3: (model, channels, depths) = (.palette, 1, [1, 2, 4, 8])
    case 4: (model, channels, depths) = (.greyAlpha, 2, [8, 16])
    case 6: (model, channels, depths) = (.rgba, 4, [8, 16])
    default: throw ImageError(.corrupt, "the PNG header holds the impossible colour type \(color)")
    }
    guard depths.contains(depth) else {
      throw ImageError(.corrupt, "the PNG header holds \(depth) bits for colour type \(color)")
    }
    info = ImageInfo(
      format: .png, width: width, height: height, bitDepth: depth, colorModel: model,
      isInterlaced: interlace == 1, isArithmetic: false,
      exif: Self.exif(reader))
    // At most 2³¹ · 2³¹ · 64 bits, so only the product of the sides can overflow.
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    minimumFileBytes = overflow ? Int.max : pixels / 8256 * channels * depth
  }

  private static func exif(_ reader: ByteReader) -> EXIF? {
    var offset = 33
    while let length = reader.long(offset), length <= reader.count - offset - 12 {
      if reader.has("IEND", at: offset + 4) { return nil }
      if reader.has("eXIf", at: offset + 4) {
        let data = offset + 8..<offset + 8 + length
        guard length <= 1 << 20, let bytes = reader.slice(data), let sum = reader.long(data.upperBound),
          sum == checksum(reader.bytes, offset + 4..<data.upperBound)
        else { return EXIF(problem: "its chunk is damaged") }
        return EXIF(bytes)
      }
      offset += length + 12
    }
    return nil
  }

  /// CRC-32 as PNG uses it (ISO/IEC 15948, annex D).
  static func checksum(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
    var sum: UInt32 = 0xffff_ffff
    for index in range {
      sum ^= UInt32(bytes[index])
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
}
