import VisionSystem
import VisionTensor

/// The format of a file, recognized from its first bytes.
enum Signature: Equatable {
  case format(ImageFormat)
  /// The name of an image format that is not supported.
  case other(String)
  /// A PNG signature that was damaged by a transfer in text mode.
  case damagedPNG
  /// Fewer bytes than a signature, which are the beginning of one.
  case beginning
  case unknown

  private static let pngBytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  init(_ bytes: UnsafeRawBufferPointer) {
    let reader = ByteReader(bytes)
    let matches = Self.matches(bytes)
    if matches == 8 {
      self = reader.has("CgBI", at: 12) ? .other("CgBI (Apple's variant of PNG)") : .format(.png)
    } else if bytes.count >= 3, reader.word(0) == 0xffd8, bytes[2] == 0xff {
      self = .format(.jpeg)
    } else if Self.isBeginning(reader, matches) {
      self = .beginning
    } else if let format = Self.format(reader) {
      self = .format(format)
    } else if let name = Self.other(reader) {
      self = .other(name)
    } else if matches >= 6 || reader.has("PNG", at: 1) || reader.has("IHDR", at: 12) {
      self = .damagedPNG
    } else if reader.word(0) == 0xffd8 {
      self = .format(.jpeg)
    } else {
      self = .unknown
    }
  }

  private static func matches(_ bytes: UnsafeRawBufferPointer) -> Int {
    zip(bytes, pngBytes).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
  }

  /// Whether the file ends inside the signature of a supported format.
  private static func isBeginning(_ reader: ByteReader, _ matches: Int) -> Bool {
    let bytes = reader.bytes
    guard bytes.count < 12 else { return false }
    if bytes.count < 8, matches == bytes.count { return true }
    if bytes.count < 3, bytes[0] == 0xff, bytes.count == 1 || bytes[1] == 0xd8 { return true }
    let texts = ["GIF87a", "GIF89a", "II*\0", "MM\0*", "II+\0", "MM\0+"]
    if texts.contains(where: { $0.utf8.count > bytes.count && $0.utf8.starts(with: bytes) }) { return true }
    if bytes.count < 4 ? "RIFF".utf8.starts(with: bytes) : reader.has("RIFF", at: 0) {
      return bytes.count <= 8 || "WEBP".utf8.starts(with: bytes[8...])
    }
    // The first box of an ISO media file is short.
    if bytes.count > 4, reader.word(0) == 0 { return "ftyp".utf8.starts(with: bytes[4...].prefix(4)) }
    return bytes.count == 1 && bytes[0] == UInt8(ascii: "B") || bytes.count == 2 && reader.has("BM", at: 0)
  }

  private static func format(_ reader: ByteReader) -> ImageFormat? {
    if reader.has("RIFF", at: 0), reader.has("WEBP", at: 8) { return .webp }
    if reader.has("GIF87a", at: 0) || reader.has("GIF89a", at: 0) { return .gif }
    if reader.has("ftyp", at: 4) { return isoMedia(reader) }
    if reader.has("II", at: 0), let version = reader.word(2), version == 0x2a00 || version == 0x2b00 {
      return .tiff
    }
    if reader.has("MM", at: 0), let version = reader.word(2), version == 42 || version == 43 { return .tiff }
    return BMPHeader.isSignature(reader) ? .bmp : nil
  }

  private static func other(_ reader: ByteReader) -> String? {
    if reader.has("ftyp", at: 4) { return "an ISO media file (a film)" }
    if reader.has("jP  ", at: 4) || reader.long(0) == 0xff4f_ff51 { return "JPEG 2000" }
    if reader.has("JXL ", at: 4) || reader.word(0) == 0xff0a { return "JPEG XL" }
    if reader.has("8BPS", at: 0) { return "Photoshop" }
    if reader.has("qoif", at: 0) { return "QOI" }
    if reader.has("%PDF", at: 0) { return "PDF" }
    if reader.has("<svg", at: 0) || reader.has("<?xml", at: 0) { return "SVG or other XML" }
    if reader.has("MNG", at: 1), reader.byte(0) == 0x8a { return "MNG" }
    if reader.has("JNG", at: 1), reader.byte(0) == 0x8b { return "JNG" }
    if reader.long(0) == 0x0000_0100 { return "ICO" }
    if reader.has("P", at: 0), let kind = reader.byte(1), (0x31...0x37).contains(kind),
      let space = reader.byte(2), [0x20, 0x0a, 0x0d, 0x09].contains(space)
    {
      return "Netpbm"
    }
    return nil
  }

  /// HEIF and AVIF share a container format. The codec is known from the brands: the major brand, or a
  /// compatible one.
  private static func isoMedia(_ reader: ByteReader) -> ImageFormat? {
    let end = min(reader.long(0) ?? 0, reader.count, ImageFormat.beginningBytes)
    let brands = [8] + Array(stride(from: 16, to: max(end - 3, 16), by: 4))
    if brands.contains(where: { reader.has("avif", at: $0) || reader.has("avis", at: $0) }) { return .avif }
    let names: [StaticString] = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1"]
    return brands.contains { offset in names.contains { reader.has($0, at: offset) } } ? .heic : nil
  }
}
