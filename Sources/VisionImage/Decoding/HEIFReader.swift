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
    try options.check(header.derivation, info.format)
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

  /// Throws if images of a container are derived from one another without end, or if decoding them takes several
  /// times the work of the largest allowed image.
  func check(_ derivation: HEIFDerivation, _ format: ImageFormat) throws(ImageError) {
    guard !derivation.isEndless else {
      throw ImageError(
        .corrupt,
        "the \(format.name) derives its images from one another without end, or in more than 8 steps")
    }
    // Tiles may reach beyond the image, and alpha doubles them; small images have room for whole tiles.
    let limit = maximumPixels.multipliedReportingOverflow(by: 4)
    guard limit.overflow || derivation.pixels <= max(limit.partialValue, 1 << 24) else {
      throw ImageError(
        .tooLarge,
        "the images inside the \(format.name) have \(derivation.pixels) pixels, more than four times \(maximumPixels)",
        remedy: "raise ImageOptions.maximumPixels")
    }
  }
}
