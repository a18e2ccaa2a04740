/// Formats told by their first bytes.
enum Signature {
  case png
  case jpeg
  /// A picture format that is not read, by its name.
  case other(String)
  /// A PNG signature that a transfer in text mode has damaged.
  case damagedPNG
  /// Fewer bytes than a signature, all as a PNG or a JPEG begins.
  case beginning
  case unknown

  private static let pngBytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  init(_ bytes: UnsafeRawBufferPointer) {
    let reader = ByteReader(bytes)
    let matches = Self.matches(bytes)
    if matches == 8 {
      self = reader.has("CgBI", at: 12) ? .other("CgBI (Apple's variant of PNG)") : .png
    } else if bytes.count >= 3, reader.word(0) == 0xffd8, bytes[2] == 0xff {
      self = .jpeg
    } else if bytes.count < 8, matches == bytes.count {
      self = .beginning
    } else if bytes.count < 3, bytes[0] == 0xff, bytes.count == 1 || bytes[1] == 0xd8 {
      self = .beginning
    } else if let name = Self.other(reader) {
      self = .other(name)
    } else if matches >= 6 || reader.has("PNG", at: 1) || reader.has("IHDR", at: 12) {
      self = .damagedPNG
    } else if reader.word(0) == 0xffd8 {
      self = .jpeg
    } else {
      self = .unknown
    }
  }

  private static func matches(_ bytes: UnsafeRawBufferPointer) -> Int {
    zip(bytes, pngBytes).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
  }

  private static func other(_ reader: ByteReader) -> String? {
    if reader.has("RIFF", at: 0), reader.has("WEBP", at: 8) { return "WebP" }
    if reader.has("GIF87a", at: 0) || reader.has("GIF89a", at: 0) { return "GIF" }
    if reader.has("ftyp", at: 4) { return isoMedia(reader) }
    if reader.has("II", at: 0), let version = reader.word(2), version == 0x2a00 || version == 0x2b00 {
      return "TIFF"
    }
    if reader.has("MM", at: 0), let version = reader.word(2), version == 42 || version == 43 {
      return "TIFF"
    }
    if reader.has("jP  ", at: 4) || reader.long(0) == 0xff4f_ff51 { return "JPEG 2000" }
    if reader.has("JXL ", at: 4) || reader.word(0) == 0xff0a { return "JPEG XL" }
    if reader.has("8BPS", at: 0) { return "Photoshop" }
    if reader.has("qoif", at: 0) { return "QOI" }
    if reader.has("%PDF", at: 0) { return "PDF" }
    if reader.has("<svg", at: 0) || reader.has("<?xml", at: 0) { return "SVG or other XML" }
    if reader.has("MNG", at: 1), reader.byte(0) == 0x8a { return "MNG" }
    if reader.has("JNG", at: 1), reader.byte(0) == 0x8b { return "JNG" }
    if reader.has("BM", at: 0), reader.long(6) == 0 { return "BMP" }
    if reader.long(0) == 0x0000_0100 { return "ICO" }
    if reader.has("P", at: 0), let kind = reader.byte(1), (0x31...0x37).contains(kind),
      let space = reader.byte(2), [0x20, 0x0a, 0x0d, 0x09].contains(space)
    {
      return "Netpbm"
    }
    return nil
  }

  /// HEIF and AVIF share a container; the brand tells which codec is inside.
  private static func isoMedia(_ reader: ByteReader) -> String {
    if reader.has("avif", at: 8) || reader.has("avis", at: 8) { return "AVIF" }
    for brand: StaticString in ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]
    where reader.has(brand, at: 8) {
      return "HEIC"
    }
    return "an ISO media file (a film)"
  }
}
