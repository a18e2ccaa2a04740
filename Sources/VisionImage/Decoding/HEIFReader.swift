import CImageCodecs
import VisionSystem
import VisionTensor

/// Reads the primary image of a HEIC or AVIF with libheif, which rotates and crops it as the container
/// specifies.
struct HEIFReader: FormatReader {
  var info: ImageInfo { header.info }
  var minimumFileBytes: Int { 0 }
  var library = SystemLibrary.heif
  private let bytes: UnsafeRawBufferPointer
  private let header: HEIFHeader

  init(_ bytes: UnsafeRawBufferPointer, _ format: ImageFormat) throws(ImageError) {
    self.bytes = bytes
    header = try HEIFHeader(bytes, format)
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    guard !header.isCutShort || options.allowsTruncated else {
      throw ImageError(.truncated, "the \(info.format.name) is cut short: the file ends inside the image")
    }
    // Decoders allocate memory for the sizes in the compressed pixels, regardless of the container.
    for size in header.codedSizes { try options.check(coded: size) }
    var image: OpaquePointer?
    var (width, height) = (UInt32(0), UInt32(0))
    defer { vn_heif_close(image) }
    let status = try CodecStatus.check(info.format, library: library) { message in
      vn_heif_open(
        library.names, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &image, &width, &height,
        message)
    }
    try options.check(width: Int(width), height: Int(height))
    return try DecodedPixels(width: Int(width), height: Int(height), isBlack: false) { rgb in
      vn_heif_copy(image, rgb)
      return status
    }
  }
}

extension ImageOptions {
  /// Throws `tooLarge` if compressed pixels exceed the limits for images by more than a block on each side,
  /// to which codecs may pad.
  func check(coded size: HEIFCodedSize) throws(ImageError) {
    let block = 128
    let (width, height) = (max(size.width - block, 1), max(size.height - block, 1))
    try check(width: width, height: height)
  }
}
