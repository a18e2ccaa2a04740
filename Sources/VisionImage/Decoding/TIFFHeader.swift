/// The first directory of a TIFF (TIFF 6.0, and BigTIFF).
struct TIFFHeader {
  private(set) var info: ImageInfo
  /// The larger of two numbers: the fewest bytes that the compressed pixels can take, and the offset of their
  /// end.
  private(set) var minimumFileBytes: Int

  private struct Field {
    var type: Int
    var count: Int
    /// The offset of the values.
    var offset: Int
  }

  private enum Tag: Int {
    case width = 256, height, bits, compression
    case photometric = 262
    case stripOffsets = 273
    case orientation = 274
    case samples = 277
    case stripBytes = 279
    case tileOffsets = 324
    case tileBytes = 325
    case extraSamples = 338
    case xmp = 700
  }

  private let reader: ByteReader
  private var fields: [Tag: Field] = [:]

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    var reader = ByteReader(bytes)
    reader.isLittleEndian = reader.has("II", at: 0)
    self.reader = reader
    // Placeholders: the directory must be read first.
    (info, minimumFileBytes) = (
      ImageInfo(format: .tiff, width: 1, height: 1, bitDepth: 8, colorModel: .rgb), 0
    )
    let hasMore = try readDirectory()
    guard let width = number(.width), let height = number(.height) else {
      throw ImageError(.corrupt, "the TIFF does not say its size")
    }
    guard (1..<1 << 31).contains(width), (1..<1 << 31).contains(height) else {
      throw ImageError(.corrupt, "the TIFF has the impossible size \(width)×\(height)")
    }
    let (bits, samples) = (number(.bits) ?? 1, number(.samples) ?? 1)
    guard (1...64).contains(bits), (1...64).contains(samples) else {
      throw ImageError.unsupported("TIFF of \(samples) samples a pixel and \(bits) bits a sample")
    }
    var metadata = Metadata()
    metadata.exif = fields[.orientation] == nil ? nil : EXIF(orientation: number(.orientation))
    if let field = fields[.xmp], let data = reader.slice(field.offset..<field.offset + field.count) {
      metadata.xmp = XMP(data).orientation
    }
    info = ImageInfo(
      format: .tiff, width: width, height: height, bitDepth: bits,
      colorModel: Self.colorModel(number(.photometric), samples, fields[.extraSamples] != nil),
      isAnimated: hasMore,
      metadata: metadata)
    minimumFileBytes = max(pixelEnd, leastBytes(width, height, bits * samples))
  }

  /// Finds the fields that are used. Returns whether another directory follows.
  private mutating func readDirectory() throws(ImageError) -> Bool {
    let isBig = reader.word(2) == 43
    guard let start = isBig ? reader.quad(8) : reader.long(4), start < reader.count,
      let entries = isBig ? reader.quad(start) : reader.word(start)
    else { throw Self.truncated }
    let (first, size, inline) = isBig ? (start + 8, 20, 8) : (start + 2, 12, 4)
    guard entries < 1 << 16, first + entries * size <= reader.count else { throw Self.truncated }
    for entry in 0..<entries {
      let offset = first + entry * size
      guard let number = reader.word(offset), let type = reader.word(offset + 2),
        let count = isBig ? reader.quad(offset + 4) : reader.long(offset + 4)
      else { throw Self.truncated }
      guard let tag = Tag(rawValue: number), fields[tag] == nil else { continue }
      let value = offset + (isBig ? 12 : 8)
      let bytes = count.multipliedReportingOverflow(by: Self.size(type))
      guard !bytes.overflow else { continue }
      let place = bytes.partialValue <= inline ? value : isBig ? reader.quad(value) : reader.long(value)
      guard let place else { throw Self.truncated }
      fields[tag] = Field(type: type, count: count, offset: place)
    }
    let end = first + entries * size
    return (isBig ? reader.quad(end) : reader.long(end)).map { $0 != 0 } ?? false
  }

  /// The size in bytes of a value of a type.
  private static func size(_ type: Int) -> Int {
    switch type {
    case 3, 8: 2
    case 4, 9, 11, 13: 4
    case 5, 10, 12, 16, 17, 18: 8
    default: 1
    }
  }

  private func number(_ tag: Tag, _ index: Int = 0) -> Int? {
    guard let field = fields[tag], index < field.count else { return nil }
    let offset = field.offset + index * Self.size(field.type)
    switch field.type {
    case 1, 6, 7: return reader.byte(offset)
    case 3, 8: return reader.word(offset)
    case 4, 9, 13: return reader.long(offset)
    case 16, 17, 18: return reader.quad(offset)
    default: return nil
    }
  }

  /// Where the last strip or tile ends; `Int.max` if its numbers are beyond the end of the file.
  private var pixelEnd: Int {
    let (offsets, sizes): (Tag, Tag) =
      fields[.tileOffsets] == nil ? (.stripOffsets, .stripBytes) : (.tileOffsets, .tileBytes)
    let count = min(fields[offsets]?.count ?? 0, fields[sizes]?.count ?? 0)
    var end = 0
    for index in 0..<count {
      guard let offset = number(offsets, index), let size = number(sizes, index) else { return Int.max }
      end = max(end, offset + size)
    }
    return end
  }

  /// The fewest bytes to which the compression can reduce the pixels; 0 if unknown.
  private func leastBytes(_ width: Int, _ height: Int, _ bits: Int) -> Int {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow else { return Int.max }
    let most: Int
    switch number(.compression) ?? 1 {
    // Chroma may be stored for only one of sixteen pixels.
    case 1: most = number(.photometric) == 6 ? 3 : 1
    case 5: most = 2800
    case 8, 32946: most = 1032
    case 32773: most = 64
    default: return 0
    }
    return pixels / (8 * most) * bits
  }

  private static func colorModel(_ photometric: Int?, _ samples: Int, _ hasExtra: Bool)
    -> ImageInfo.ColorModel
  {
    switch photometric {
    case 2: hasExtra || samples > 3 ? .rgba : .rgb
    case 3: .palette
    case 5: .cmyk
    case 6: samples == 1 ? .gray : .ycbcr
    case 8, 9, 10: .lab
    default: samples == 1 ? .gray : samples == 2 ? .grayAlpha : .rgb
    }
  }

  private static var truncated: ImageError { ImageError(.truncated, "the TIFF ends inside its directory") }
}
