import CImageCodecs
import VisionSystem
import VisionTensor

/// Reads WebP with libwebp; of an animation, the first frame on its canvas.
struct WebPReader: FormatReader {
  var info: ImageInfo { header.info }
  var minimumFileBytes: Int { 0 }
  var library = SystemLibrary.webp
  private let bytes: UnsafeRawBufferPointer
  private let header: WebPHeader

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    self.bytes = bytes
    header = try WebPHeader(bytes)
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    guard !header.isCutShort || options.allowsTruncated else {
      throw ImageError(.truncated, "the WebP is cut short: the file ends inside the image")
    }
    let frame = header.frame
    guard let data = ByteReader(bytes).slice(frame.bytes),
      let base = data.bindMemory(to: UInt8.self).baseAddress
    else { throw ImageError(.truncated, "the WebP is cut short: the file ends before the image") }
    let pitch = info.width * 3
    // The part of the canvas outside an animation's first frame is black.
    let isPartOfCanvas = frame.width < info.width || frame.height < info.height
    var pixels = try DecodedPixels(
      width: info.width, height: info.height, isBlack: options.allowsTruncated || isPartOfCanvas
    ) { (rgb) throws(ImageError) in
      try CodecStatus.check(.webp, library: library) { message in
        vn_webp_decode(
          library.names, base, data.count, UInt32(frame.width), UInt32(frame.height), pitch,
          options.allowsTruncated ? 1 : 0, rgb + frame.y * pitch + frame.x * 3, message)
      }
    }
    if header.isCutShort, pixels.status.damage == nil {
      pixels.status.oddity = pixels.status.oddity ?? .odd(.truncated, .webp, "the file ends too early")
    }
    return pixels
  }
}
