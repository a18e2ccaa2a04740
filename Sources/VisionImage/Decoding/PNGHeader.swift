import VisionSystem
import VisionTensor

/// The chunks of a PNG, read without decoding pixels.
struct PNGHeader {
  let info: ImageInfo
  /// The fewest bytes that the compressed pixels can take: deflate compresses to at best 1/1032.
  let minimumFileBytes: Int

  /// The significant bits of a 16-bit sample according to sBIT, the most of any color; 16 without sBIT. For
  /// other depths, the depth.
  let significantBits: Int

  /// Reads IHDR with its checksum, and eXIf, XMP, sBIT and acTL wherever they are.
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
    case 0: (model, channels, depths) = (.gray, 1, [1, 2, 4, 8, 16])
    case 2: (model, channels, depths) = (.rgb, 3, [8, 16])
    case 3: (model, channels, depths) = (.palette, 1, [1, 2, 4, 8])
    case 4: (model, channels, depths) = (.grayAlpha, 2, [8, 16])
    case 6: (model, channels, depths) = (.rgba, 4, [8, 16])
    default: throw ImageError(.corrupt, "the PNG header holds the impossible color type \(color)")
    }
    guard depths.contains(depth) else {
      throw ImageError(.corrupt, "the PNG header holds \(depth) bits for color type \(color)")
    }
    let chunks = Self.chunks(reader)
    info = ImageInfo(
      format: .png, width: width, height: height, bitDepth: depth, colorModel: model,
      isInterlaced: interlace == 1, isAnimated: chunks.frames > 1, metadata: chunks.metadata)
    let colors = chunks.significantBits.prefix(model == .rgb || model == .rgba ? 3 : 1)
    significantBits = depth == 16 ? colors.max().flatMap { (1...16).contains($0) ? $0 : nil } ?? 16 : depth
    // There are at most 2³¹ · 2³¹ · 64 bits, so only the product of the sides can overflow.
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    minimumFileBytes = overflow ? Int.max : pixels / 8256 * channels * depth
  }

  private struct Chunks {
    var metadata = Metadata()
    var significantBits: [Int] = []
    var frames = 1
  }

  private static func chunks(_ reader: ByteReader) -> Chunks {
    var chunks = Chunks()
    var offset = 33
    while let length = reader.long(offset), length <= reader.count - offset - 12 {
      let (name, data) = (offset + 4, offset + 8..<offset + 8 + length)
      if reader.has("IEND", at: name) { break }
      offset += length + 12
      let isIntact = {
        length <= 1 << 20
          && reader.long(data.upperBound) == checksum(reader.bytes, name..<data.upperBound)
      }
      guard let bytes = reader.slice(data) else { break }
      if reader.has("eXIf", at: name), chunks.metadata.exif == nil {
        chunks.metadata.exif = isIntact() ? EXIF(bytes) : EXIF(problem: "its chunk is damaged")
      } else if reader.has("sBIT", at: name), length <= 4, isIntact() {
        chunks.significantBits = bytes.map { Int($0) }
      } else if reader.has("acTL", at: name), isIntact() {
        chunks.frames = ByteReader(bytes).long(0) ?? 1
      } else if reader.has("iTXt", at: name) || reader.has("tEXt", at: name),
        ByteReader(bytes).has(XMP.keyword, at: 0), isIntact()
      {
        // An orientation in compressed text would not be found, but XMP is never compressed in PNG (XMP, part
        // 3).
        chunks.metadata.xmp = XMP(bytes).orientation
      }
    }
    return chunks
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
