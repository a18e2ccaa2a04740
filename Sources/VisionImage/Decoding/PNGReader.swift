import CImageCodecs
import VisionSystem
import VisionTensor

/// Reads PNG with libpng.
struct PNGReader: FormatReader {
  let info: ImageInfo
  let minimumFileBytes: Int
  private let bytes: UnsafeRawBufferPointer
  private let significantBits: Int

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    let header = try PNGHeader(bytes)
    self.bytes = bytes
    (info, minimumFileBytes, significantBits) = (
      header.info, header.minimumFileBytes, header.significantBits
    )
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    try DecodedPixels(width: info.width, height: info.height, isBlack: options.allowsTruncated) {
      (rgb) throws(ImageError) in
      try CodecStatus.check(.png) { message in
        vn_png_decode(
          bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, UInt32(info.width), UInt32(info.height),
          Int32(significantBits), options.sampleLevels, options.allowsTruncated ? 1 : 0, rgb, message)
      }
    }
  }
}
