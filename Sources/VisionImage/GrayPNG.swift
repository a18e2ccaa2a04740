import CImageCodecs
import VisionSystem
import VisionTensor

/// Encodes grayscale PNGs; in an `Image`, the pixels would take three times the memory.
package enum GrayPNG {
  /// An 8-bit gray PNG of height × width bytes, rows from top to bottom.
  ///
  /// - Throws: `invalidArgument` when the number of bytes is not width × height; `outOfMemory`.
  package static func data(width: Int, height: Int, _ pixels: UnsafeRawBufferPointer) throws(ImageError)
    -> [UInt8]
  {
    guard width > 0, height > 0, width < 1 << 20, height < 1 << 20, pixels.count == width * height,
      let base = pixels.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else {
      throw ImageError(
        .invalidArgument, "\(pixels.count) bytes do not make an image of \(width)×\(height) gray pixels")
    }
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    try CodecStatus.check(.png) { message in
      vn_png_encode(base, UInt32(width), UInt32(height), 1, &bytes, &count, message)
    }
    defer { vn_codec_free(bytes) }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }
}
