import CImageCodecs
import VisionSystem
import VisionTensor

/// Reads JPEG with libjpeg.
struct JPEGReader: FormatReader {
  let info: ImageInfo
  var minimumFileBytes: Int { 0 }
  private let bytes: UnsafeRawBufferPointer
  private let components: Int

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    let header = try JPEGHeader(bytes)
    self.bytes = bytes
    (info, components) = (header.info, header.components)
  }

  /// The offset of the last scan's tables or header; nil if there is only one scan.
  private var lastScan: Int? {
    let isScanOrTable: (Int) -> Bool = { [0xc4, 0xda].contains(bytes[$0 + 1]) && bytes[$0] == 0xff }
    guard let first = bytes.indices.dropLast().first(where: { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda }),
      let last = bytes.indices.dropLast().last(where: isScanOrTable), last > first
    else { return nil }
    return last
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    let (columns, rows) = ((info.width - 1) / part + 1, (info.height - 1) / part + 1)
    return try DecodedPixels(width: columns, height: rows, part: part, isBlack: options.allowsTruncated) {
      (rgb) throws(ImageError) in
      func decode(_ count: Int) throws(ImageError) -> CodecStatus {
        try CodecStatus.check(.jpeg) { message in
          vn_jpeg_decode(
            bytes.bindMemory(to: UInt8.self).baseAddress, count, UInt32(info.width), UInt32(info.height),
            Int32(components), Int32(part), options.allowsTruncated ? 1 : 0, rgb, message)
        }
      }
      do throws(ImageError) { return try decode(bytes.count) } catch {
        // If an image with several scans is truncated between them, its complete scans are decoded.
        guard options.allowsTruncated, error.kind == .corrupt || error.kind == .truncated,
          let end = lastScan, let status = try? decode(end)
        else { throw error }
        return status.damage == nil ? CodecStatus(damage: error.message) : status
      }
    }
  }
}
