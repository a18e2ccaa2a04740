import CImageCodecs
import VisionSystem
import VisionTensor

/// Reads the first frame of a GIF on its canvas; giflib decompresses the pixels.
struct GIFReader: FormatReader {
  var info: ImageInfo { header.info }
  /// A code of 12 bits represents at most 4096 pixels.
  var minimumFileBytes: Int { header.frame.width * header.frame.height / 2800 }
  var library = SystemLibrary.gif
  private let bytes: UnsafeRawBufferPointer
  private let header: GIFHeader

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    self.bytes = bytes
    header = try GIFHeader(bytes)
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    let (width, height) = (header.frame.width, header.frame.height)
    let indices = try PixelStorage(byteCount: width * height)
    indices.base.update(repeating: UInt8(header.background), count: width * height)
    guard let data = ByteReader(bytes).slice(header.pixels..<bytes.count) else {
      throw ImageError(.truncated, "the GIF ends inside its header")
    }
    let status = try CodecStatus.check(.gif, library: library) { message in
      vn_gif_decode(
        library.names, data.bindMemory(to: UInt8.self).baseAddress, data.count, UInt32(width), UInt32(height),
        options.allowsTruncated ? 1 : 0, indices.base, message)
    }
    return try DecodedPixels(width: info.width, height: info.height, isBlack: false) { rgb in
      paint(indices.base, rgb)
      return status
    }
  }

  /// Converts indices to colors and puts the rows of an interlaced frame in order.
  private func paint(_ indices: UnsafePointer<UInt8>, _ rgb: UnsafeMutablePointer<UInt8>) {
    let colors = colors
    if header.frame.width < info.width || header.frame.height < info.height {
      let free = header.background * 3
      for pixel in 0..<info.width * info.height {
        for channel in 0..<3 { rgb[pixel * 3 + channel] = colors[free + channel] }
      }
    }
    for (stored, y) in rows.enumerated() {
      var target = rgb + ((header.frame.y + y) * info.width + header.frame.x) * 3
      let row = indices + stored * header.frame.width
      for x in 0..<header.frame.width {
        let color = Int(row[x]) * 3
        target[0] = colors[color]
        target[1] = colors[color + 1]
        target[2] = colors[color + 2]
        target += 3
      }
    }
  }

  /// 256 colors; those missing from the palette are black.
  private var colors: [UInt8] {
    guard let palette = header.palette else { return (0..<768).map { UInt8($0 / 3) } }
    let whole = palette.prefix(palette.count / 3 * 3)
    return whole + [UInt8](repeating: 0, count: 768 - whole.count)
  }

  /// The rows in the order in which they are stored.
  private var rows: [Int] {
    let height = header.frame.height
    guard header.isInterlaced else { return Array(0..<height) }
    return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: height, by: $0.1)) }
  }
}
