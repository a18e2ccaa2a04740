import VisionSystem
import VisionTensor

/// An encoded image whose header has been read and is supported.
struct EncodedImage {
  var info: ImageInfo { reader.info }
  private let bytes: UnsafeRawBufferPointer
  private let reader: any FormatReader

  /// Recognizes the format from the contents and reads the header.
  ///
  /// `bytes` must outlive the value.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    guard !bytes.isEmpty else { throw ImageError(.empty, "the file is empty") }
    self.bytes = bytes
    switch Signature(bytes) {
    case .format(.png): reader = try PNGReader(bytes)
    case .format(.jpeg): reader = try JPEGReader(bytes)
    case .format(.webp): reader = try WebPReader(bytes)
    case .format(.heic): reader = try HEIFReader(bytes, .heic)
    case .format(.avif): reader = try HEIFReader(bytes, .avif)
    case .format(.tiff): reader = try TIFFReader(bytes)
    case .format(.gif): reader = try GIFReader(bytes)
    case .format(.bmp): reader = try BMPReader(bytes)
    case .other(let name): throw ImageError.unsupported(name)
    case .beginning: throw ImageError(.truncated, "the file ends inside its signature")
    case .damagedPNG:
      throw ImageError(
        .corrupt, "the PNG signature is damaged", remedy: "transfer the file again, in binary mode")
    case .unknown:
      throw ImageError(
        .unsupported, "not an image of a format known by its content", remedy: "convert it to PNG or JPEG")
    }
  }

  /// The divisor of the sides at which the options request decoding: 1, 2, 4 or 8.
  private func part(_ options: ImageOptions) -> Int {
    guard info.format == .jpeg, let preprocessing = options.preprocessing else { return 1 }
    return options.appliesOrientation
      ? preprocessing.decodedPart(width: info.uprightWidth, height: info.uprightHeight)
      : preprocessing.decodedPart(width: info.width, height: info.height)
  }

  /// Decodes the stored pixels, before orientation. Sizes are checked before memory is allocated.
  func decode(_ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    try options.check(width: info.width, height: info.height)
    guard bytes.count >= reader.minimumFileBytes || options.allowsTruncated else {
      throw ImageError(
        .truncated, "\(bytes.count) bytes cannot hold an image of \(info.width)×\(info.height)")
    }
    let pixels = try reader.decode(part: part(options), options)
    if options.isStrict, let oddity = pixels.status.oddity { throw oddity }
    return pixels
  }
}

extension ImageOptions {
  /// Throws `tooLarge` if the sides or the number of pixels exceed the limits.
  func check(width: Int, height: Int) throws(ImageError) {
    guard max(width, height) <= maximumSide else {
      throw ImageError(
        .tooLarge, "\(width)×\(height) has a side of more than \(maximumSide) pixels",
        remedy: "raise ImageOptions.maximumSide")
    }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, area <= maximumPixels, area <= Int.max / 8 else {
      throw ImageError(
        .tooLarge, "\(width)×\(height) is more than \(maximumPixels) pixels",
        remedy: "raise ImageOptions.maximumPixels")
    }
    guard width > 0, height > 0, UInt32(exactly: width) != nil, UInt32(exactly: height) != nil else {
      throw ImageError(.corrupt, "impossible size")
    }
  }
}
