import VisionSystem

/// What the container of a HEIC or AVIF declares about its primary image.
struct HEIFHeader {
  private(set) var info: ImageInfo
  let isCutShort: Bool
  /// The sizes that the compressed pixels and the derived images of the container declare for themselves.
  let codedSizes: [HEIFCodedSize]
  /// What decoding the image asks of a decoder.
  let derivation: HEIFDerivation

  init(_ bytes: UnsafeRawBufferPointer, _ format: ImageFormat) throws(ImageError) {
    guard let container = HEIFContainer(bytes), container.items[container.primary] != nil else {
      let isWhole = Self.isWhole(bytes)
      throw isWhole
        ? ImageError(.corrupt, "the \(format.name) has no directory of its images")
        : ImageError(.truncated, "the \(format.name) ends inside its header")
    }
    isCutShort = container.isCutShort
    let reader = container.reader
    var (width, height, bits, channels) = (0, 0, 8, 3)
    for property in container.properties(of: container.primary) {
      let start = property.data.lowerBound
      switch property.name {
      case ISOBoxes.name("ispe"):
        (width, height) = (reader.long(start + 4) ?? 0, reader.long(start + 8) ?? 0)
      case ISOBoxes.name("clap"):
        (width, height) = Self.cropped(reader, start, width, height)
      case ISOBoxes.name("irot"):
        if (reader.byte(start) ?? 0) & 1 == 1 { (width, height) = (height, width) }
      case ISOBoxes.name("pixi"):
        (channels, bits) = (reader.byte(start + 4) ?? 3, reader.byte(start + 5) ?? 8)
      default: break
      }
    }
    guard (1..<1 << 31).contains(width), (1..<1 << 31).contains(height) else {
      throw ImageError(.corrupt, "the \(format.name) does not say the size of its image")
    }
    info = ImageInfo(
      format: format, width: width, height: height, bitDepth: bits,
      colorModel: channels == 1 ? .gray : Self.hasAlpha(container) ? .rgba : .ycbcr)
    codedSizes = HEIFCodedSize.all(container)
    derivation = HEIFDerivation(container)
    guard Self.hasBytes(container) else {
      throw ImageError(.corrupt, "the \(format.name) does not say where the bytes of its image are")
    }
  }

  /// Whether the image, the images that it is derived from, and its alpha have bytes. Otherwise the decoder
  /// is not called, since libheif 1.15 leaks memory for such files.
  private static func hasBytes(_ container: HEIFContainer) -> Bool {
    var items: Set<Int> = [container.primary]
    for reference in container.references {
      if reference.name == ISOBoxes.name("dimg"), reference.from == container.primary {
        items.formUnion(reference.to)
      }
      if reference.name == ISOBoxes.name("auxl"), reference.to.contains(container.primary) {
        items.insert(reference.from)
      }
    }
    let coded = ["av01", "hvc1", "hev1"].map { ISOBoxes.name($0) }
    return items.compactMap { container.items[$0] }.filter { coded.contains($0.type) }
      .allSatisfy(\.hasSaidLength)
  }

  /// Whether every box ends inside the file.
  private static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let reader = ByteReader(bytes)
    var end = 0
    for box in ISOBoxes(reader, 0..<bytes.count) { end = max(end, box.data.upperBound) }
    return end == bytes.count
  }

  /// The size of an image after cropping to its clean aperture (ISO/IEC 14496-12, `clap`), clipped to the
  /// image.
  ///
  /// The aperture's sides, and the distances between its center and the image's, are fractions. Corners
  /// between two pixels are rounded as in libheif.
  private static func cropped(_ reader: ByteReader, _ start: Int, _ width: Int, _ height: Int) -> (Int, Int) {
    func fraction(_ offset: Int) -> Double? {
      guard let a = reader.long(offset), let b = reader.long(offset + 4), b > 0 else { return nil }
      // Distances may be negative; sides of more than 31 bits are invalid.
      return Double(Int32(truncatingIfNeeded: a)) / Double(b)
    }
    func side(_ offset: Int, _ whole: Int, roundsFirst: Bool) -> Int {
      guard let side = fraction(offset), let distance = fraction(offset + 16) else { return whole }
      let corner = distance + Double(whole - 1) / 2 - (side - 1) / 2
      let first = (roundsFirst ? corner + 0.5 : corner).rounded(.towardZero)
      let last = min(first + (side + 0.5).rounded(.down) - 1, Double(whole - 1))
      return Int(exactly: max(0, last - max(first, 0) + 1)) ?? 0
    }
    return (side(start, width, roundsFirst: false), side(start + 8, height, roundsFirst: true))
  }

  private static func hasAlpha(_ container: HEIFContainer) -> Bool {
    container.references.contains { reference in
      reference.name == ISOBoxes.name("auxl") && reference.to.contains(container.primary)
        && container.properties(of: reference.from).contains { property in
          guard property.isNamed("auxC"), let data = container.reader.slice(property.data) else {
            return false
          }
          let text = String(decoding: data, as: UTF8.self)
          return text.contains("auxiliary:alpha") || text.contains("hevc:2015:auxid:1")
        }
    }
  }
}
