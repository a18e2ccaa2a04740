import VisionSystem
import VisionTensor

/// Reads BMP.
struct BMPReader: FormatReader {
  var info: ImageInfo { header.info }
  private let bytes: UnsafeRawBufferPointer
  private let header: BMPHeader

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    self.bytes = bytes
    header = try BMPHeader(bytes)
  }

  /// Bytes of a stored row that contain pixels, and their number padded to a multiple of four.
  private var row: (used: Int, pitch: Int) {
    let bits = info.width * header.bits
    return ((bits + 7) / 8, (bits + 31) / 32 * 4)
  }

  private var isRunLength: Bool { header.compression == .rle8 || header.compression == .rle4 }

  /// Whole rows, the last one without padding. For run-length coding, the fewest bytes possible: those of the
  /// longest skips.
  var minimumFileBytes: Int {
    let (pixels, overflow) = info.width.multipliedReportingOverflow(by: info.height)
    if isRunLength { return overflow ? Int.max : header.pixels + pixels / 16_384 }
    let (bytes, isHuge) = row.pitch.multipliedReportingOverflow(by: info.height - 1)
    return overflow || isHuge ? Int.max : header.pixels + bytes + row.used
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    if isRunLength {
      let runs = try BMPRuns(bytes, header, allowsTruncated: options.allowsTruncated)
      return try DecodedPixels(width: info.width, height: info.height, isBlack: false) { rgb in
        for y in 0..<info.height {
          paint(8, runs.indices.base + y * info.width, rgb + target(y) * info.width * 3)
        }
        return CodecStatus(damage: runs.damage)
      }
    }
    return try DecodedPixels(width: info.width, height: info.height, isBlack: options.allowsTruncated) {
      (rgb) throws(ImageError) in
      guard let source = bytes.bindMemory(to: UInt8.self).baseAddress else { return .sound }
      let there = bytes.count - header.pixels
      for y in 0..<info.height {
        guard y * row.pitch + row.used <= there else {
          let text = "the file ends inside the image"
          guard options.allowsTruncated, y > 0 else {
            throw ImageError(.truncated, "the BMP is cut short: \(text)")
          }
          return CodecStatus(damage: "the BMP is damaged: \(text)")
        }
        paint(header.bits, source + header.pixels + y * row.pitch, rgb + target(y) * info.width * 3)
      }
      return .sound
    }
  }

  /// The row of the image for a stored row.
  private func target(_ y: Int) -> Int { header.isTopDown ? y : info.height - 1 - y }

  /// Converts one row of pixels of `bits` bits to RGB.
  private func paint(_ bits: Int, _ row: UnsafePointer<UInt8>, _ rgb: UnsafeMutablePointer<UInt8>) {
    switch bits {
    case 1, 4, 8:
      header.palette.withUnsafeBufferPointer { palette in
        let mask = 1 << bits - 1
        for x in 0..<info.width {
          let first = x * bits
          let color = (Int(row[first >> 3]) >> (8 - bits - first & 7) & mask) * 3
          for channel in 0..<3 { rgb[x * 3 + channel] = palette[color + 2 - channel] }
        }
      }
    case 24:
      for x in 0..<info.width {
        for channel in 0..<3 { rgb[x * 3 + channel] = row[x * 3 + 2 - channel] }
      }
    default:
      let bytes = bits / 8
      for (channel, mask) in header.masks.enumerated() {
        let (shift, most) = (UInt32(mask.trailingZeroBitCount), UInt64(mask >> mask.trailingZeroBitCount))
        for x in 0..<info.width {
          var pixel: UInt32 = 0
          for byte in 0..<bytes { pixel |= UInt32(row[x * bytes + byte]) << (8 * UInt32(byte)) }
          rgb[x * 3 + channel] = UInt8(truncatingIfNeeded: UInt64((pixel & mask) >> shift) * 255 / most)
        }
      }
    }
  }
}
