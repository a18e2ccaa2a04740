import CImageCodecs
import VisionTensor

/// Pixels in the order of the file, H×W×3.
struct DecodedPixels {
  let storage: PixelStorage
  let width: Int
  let height: Int
  /// The part of the file's sides that they are: 1, 2, 4 or 8.
  let part: Int
  /// What was wrong with a damaged picture, which the options allowed.
  let damage: String?
}

/// An encoded picture whose header has been read and found readable.
struct EncodedImage {
  let info: ImageInfo
  private let bytes: UnsafeRawBufferPointer
  private let components: Int
  private let minimumFileBytes: Int

  /// Tells the format by content and reads the header.
  ///
  /// `bytes` must outlive the value.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    guard !bytes.isEmpty else { throw ImageError(.empty, "the file is empty") }
    self.bytes = bytes
    switch Signature(bytes) {
    case .png:
      let header = try PNGHeader(bytes)
      (info, components, minimumFileBytes) = (header.info, 3, header.minimumFileBytes)
    case .jpeg:
      let header = try JPEGHeader(bytes)
      (info, components, minimumFileBytes) = (header.info, header.components, 0)
    case .other(let name): throw ImageError.unsupported(name)
    case .beginning: throw ImageError(.truncated, "the file ends inside its signature")
    case .damagedPNG:
      throw ImageError(
        .corrupt, "the PNG signature is damaged", remedy: "transfer the file again, in binary mode")
    case .unknown:
      throw ImageError(
        .unsupported, "neither a PNG nor a JPEG nor another picture known by its content",
        remedy: "convert it to PNG or JPEG")
    }
  }

  /// Where the tables or the header of a JPEG's last scan begin, when there is one before it.
  private var lastScan: Int? {
    let isScanOrTable: (Int) -> Bool = { [0xc4, 0xda].contains(bytes[$0 + 1]) && bytes[$0] == 0xff }
    guard let first = bytes.indices.dropLast().first(where: { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda }),
      let last = bytes.indices.dropLast().last(where: isScanOrTable), last > first
    else { return nil }
    return last
  }

  /// The part of its sides that the options want it decoded at: 1, 2, 4 or 8.
  private func part(_ options: ImageOptions) -> Int {
    guard info.format == .jpeg, let preprocessing = options.preprocessing else { return 1 }
    return options.appliesOrientation
      ? preprocessing.decodedPart(width: info.uprightWidth, height: info.uprightHeight)
      : preprocessing.decodedPart(width: info.width, height: info.height)
  }

  /// The stored pixels, not yet turned upright; sizes are checked before anything is allocated.
  func decode(_ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    guard max(info.width, info.height) <= options.maximumSide else {
      throw ImageError(
        .tooLarge, "\(info.width)×\(info.height) has a side of more than \(options.maximumSide) pixels",
        remedy: "raise ImageOptions.maximumSide")
    }
    let (area, overflow) = info.width.multipliedReportingOverflow(by: info.height)
    guard !overflow, area <= options.maximumPixels, area <= Int.max / 4 else {
      throw ImageError(
        .tooLarge, "\(info.width)×\(info.height) is more than \(options.maximumPixels) pixels",
        remedy: "raise ImageOptions.maximumPixels")
    }
    guard bytes.count >= minimumFileBytes || options.allowsTruncated else {
      throw ImageError(
        .truncated, "\(bytes.count) bytes cannot hold a picture of \(info.width)×\(info.height)")
    }
    guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, let width = UInt32(exactly: info.width),
      let height = UInt32(exactly: info.height)
    else { throw ImageError(.corrupt, "impossible size") }
    let part = part(options)
    let (columns, rows) = ((info.width - 1) / part + 1, (info.height - 1) / part + 1)
    let storage = try PixelStorage(byteCount: columns * rows * 3)
    let lenient: Int32 = options.allowsTruncated ? 1 : 0
    // What the file does not hold is black, never what was in memory before.
    if options.allowsTruncated { storage.base.update(repeating: 0, count: columns * rows * 3) }
    func decode(_ count: Int) throws(ImageError) -> String? {
      try CodecStatus.check(info.format) { message in
        switch info.format {
        case .png: vn_png_decode(source, count, width, height, lenient, storage.base, message)
        case .jpeg:
          vn_jpeg_decode(
            source, count, width, height, Int32(components), Int32(part), lenient, storage.base, message)
        }
      }
    }
    func pixels(_ damage: String?) -> DecodedPixels {
      DecodedPixels(storage: storage, width: columns, height: rows, part: part, damage: damage)
    }
    do throws(ImageError) { return pixels(try decode(bytes.count)) } catch {
      // A picture of several scans that is cut between them is shown as far as its whole scans go.
      guard options.allowsTruncated, info.format == .jpeg, error.kind == .corrupt || error.kind == .truncated,
        let end = lastScan
      else { throw error }
      guard let damage = try? decode(end) else { throw error }
      return pixels(damage)
    }
  }
}
