import VisionNet
import VisionSystem

/// The content of standard input: an image, or paths.
enum StandardInput {
  /// What the beginning of the input shows.
  enum Kind: Equatable { case image, paths, neither }

  /// The maximum number of bytes that `kind` needs.
  static let beginning = 4096
  /// The number of bytes that suffices for every signature.
  private static let signature = 16

  /// Whether `bytes`, the beginning of an input, suffice to determine its kind.
  static func isEnough(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.count >= signature || (!bytes.isEmpty && !couldBeImage(Array(bytes)))
  }

  /// Determines the kind of input from its first bytes.
  ///
  /// A list of paths contains no control characters except white space and the separator. Input that is
  /// neither an image nor such a list, such as an archive, cannot be used.
  ///
  /// - Parameter separator: the byte that ends each path.
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
      // A HEIC or AVIF file begins with the size of its first box, whose high byte is 0.
      || bytes[0] == 0
  }
}

extension ImageSignature {
  /// Signatures of image files, including unsupported formats, so that errors can name the format.
  static let beginnings: [[UInt8]] = [
    [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], Array("GIF8".utf8), Array("RIFF".utf8), Array("BM".utf8),
    Array("II*\0".utf8), Array("MM\0*".utf8), Array("II+\0".utf8), Array("MM\0+".utf8), [0xff, 0x0a],
    [0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c], Array("8BPS".utf8),
  ]

  /// Whether bytes are the beginning of an image of any common format. File names may begin with the letters
  /// of some signatures, so further bytes are checked for these.
  static func isAny(_ bytes: [UInt8]) -> Bool {
    func has(_ text: String, at offset: Int) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    // Bytes 6 to 9 of a BMP are reserved and zero.
    if has("BM", at: 0) { return bytes.count >= 14 && bytes[6..<10].allSatisfy { $0 == 0 } }
    if has("RIFF", at: 0) { return has("WEBP", at: 8) }
    if has("GIF8", at: 0) { return has("GIF87a", at: 0) || has("GIF89a", at: 0) }
    if has("8BPS", at: 0) { return bytes.count >= 6 && bytes[4] == 0 }
    if has("ftyp", at: 4), bytes[0] == 0 { return true }
    return beginnings.contains { bytes.starts(with: $0) }
  }
}

extension FilePath {
  /// Whether the path means standard input.
  var isStandardInput: Bool { bytes == [UInt8(ascii: "-")] && content == nil }

  /// The image that an argument names; `-` means standard input.
  ///
  /// - Throws: `CommandError` if standard input cannot be read or is too long.
  static func image(_ argument: String) throws(CommandError) -> FilePath {
    let path = RawArguments.path(argument)
    guard path.isStandardInput else { return path }
    var reader = LineReader(descriptor: STDIN_FILENO)
    return FilePath(bytes: path.bytes, content: try reader.rest(isCancelled: { false }))
  }
}
