import VisionNet
import VisionSystem

/// What comes on standard input: an image, or paths.
enum StandardInput {
  /// What the beginning of the input is.
  enum Kind: Equatable { case image, paths, neither }

  /// The most bytes that `kind` wants to see.
  static let beginning = 4096
  /// The fewest bytes that tell every signature.
  private static let signature = 16

  /// Whether `bytes`, the beginning of an input, are enough to tell what it is.
  static func isEnough(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.count >= signature || (!bytes.isEmpty && !couldBeImage(Array(bytes)))
  }

  /// Tells by the first bytes.
  ///
  /// A list of paths has neither zero bytes, unless they separate the paths, nor other control characters than blanks and
  /// line ends; what is no image either, such as an archive, is nothing that can be used.
  ///
  /// - Parameter separator: what ends each path.
  static func kind(_ bytes: [UInt8], separator: UInt8) -> Kind {
    if ImageSignature.isAny(bytes) { return .image }
    let isText = bytes.allSatisfy { byte in
      byte == separator || byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte)
    }
    return isText ? .paths : .neither
  }

  static func refusal() -> CommandError {
    CommandError(
      .data, "is neither an image nor a list of paths", place: "standard input",
      remedy: "give an image by < FILE, or paths, one per line")
  }

  private static func couldBeImage(_ bytes: [UInt8]) -> Bool {
    ImageSignature.beginnings.contains { $0.starts(with: bytes.prefix($0.count)) || bytes.starts(with: $0) }
      // A HEIC or AVIF file begins with the size of its first box.
      || bytes[0] == 0
  }
}

extension ImageSignature {
  /// How files of images begin, those that are not read included, so that they are named as what they are.
  static let beginnings: [[UInt8]] = [
    [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], Array("GIF8".utf8), Array("RIFF".utf8), Array("BM".utf8),
    Array("II*\0".utf8), Array("MM\0*".utf8), Array("II+\0".utf8), Array("MM\0+".utf8), [0xff, 0x0a],
    [0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c], Array("8BPS".utf8),
  ]

  /// Whether bytes are the beginning of an image of any usual kind. Names of files may begin with the letters of some
  /// signatures, so that more than these is looked at.
  static func isAny(_ bytes: [UInt8]) -> Bool {
    func has(_ text: String, at offset: Int) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    // Bytes 6 to 9 of a BMP are reserved, and zero.
    if has("BM", at: 0) { return bytes.count >= 14 && bytes[6..<10].allSatisfy { $0 == 0 } }
    if has("RIFF", at: 0) { return has("WEBP", at: 8) }
    if has("GIF8", at: 0) { return has("GIF87a", at: 0) || has("GIF89a", at: 0) }
    if has("8BPS", at: 0) { return bytes.count >= 6 && bytes[4] == 0 }
    if has("ftyp", at: 4), bytes[0] == 0 { return true }
    return beginnings.contains { bytes.starts(with: $0) }
  }
}

extension FilePath {
  /// Whether it stands for standard input.
  var isStandardInput: Bool { bytes == [UInt8(ascii: "-")] && content == nil }

  /// The image that an argument names, `-` being standard input.
  ///
  /// - Throws: `CommandError` when standard input cannot be read, or has too many bytes.
  static func image(_ argument: String) throws(CommandError) -> FilePath {
    let path = RawArguments.path(argument)
    guard path.isStandardInput else { return path }
    var reader = LineReader(descriptor: STDIN_FILENO)
    return FilePath(bytes: path.bytes, content: try reader.rest(isCancelled: { false }))
  }
}
