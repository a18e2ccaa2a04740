import CImageCodecs
import VisionSystem
import VisionTensor

/// What a codec reports about an image that it decoded.
struct CodecStatus: Sendable {
  /// The problem of a damaged image that was decoded as far as possible.
  var damage: String?
  /// A problem in the file that does not affect the pixels.
  var oddity: ImageError?

  static let sound = CodecStatus()

  /// Converts the return codes of the C shims to errors.
  ///
  /// - Parameter library: the library that decodes the format, for the error if it is missing.
  @discardableResult
  static func check(
    _ format: ImageFormat, library: SystemLibrary? = nil,
    _ body: (UnsafeMutablePointer<CChar>) -> Int32
  ) throws(ImageError) -> CodecStatus {
    var status: Int32 = 0
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VN_CODEC_MESSAGE_BYTES)) {
      message -> String in
      message.initialize(repeating: 0)
      guard let base = message.baseAddress else { return "" }
      status = body(base)
      return String(cString: base)
    }
    let name = format.name
    switch Int(status) {
    case VN_CODEC_OK: return .sound
    case VN_CODEC_PARTIAL: return CodecStatus(damage: "the \(name) is damaged: \(text)")
    case VN_CODEC_ODD: return CodecStatus(oddity: .odd(.corrupt, format, text))
    case VN_CODEC_UNENDED: return CodecStatus(oddity: .odd(.truncated, format, text))
    case VN_CODEC_TRUNCATED: throw ImageError(.truncated, "the \(name) is cut short: \(text)")
    case VN_CODEC_UNSUPPORTED: throw ImageError.unsupported("a kind of \(name): \(text)")
    case VN_CODEC_MEMORY: throw ImageError(.outOfMemory, "no memory to code the \(name)")
    case VN_CODEC_TOO_LARGE: throw ImageError(.tooLarge, "the \(name) is too large: \(text)")
    case VN_CODEC_NO_LIBRARY:
      guard let library else { fallthrough }
      throw library.missing(for: format, text)
    default: throw ImageError(.corrupt, "the \(name) is damaged: \(text)")
    }
  }
}

extension ImageError {
  /// A format, or a variant of one, that was recognized but is not supported.
  static func unsupported(_ found: String) -> ImageError {
    ImageError(.unsupported, "\(found) is not supported", remedy: "convert it to PNG or baseline JPEG")
  }

  /// A problem in a file that does not affect the pixels, and that other decoders ignore.
  static func odd(_ kind: Kind, _ format: ImageFormat, _ text: String) -> ImageError {
    ImageError(
      kind, "the \(format.name) is not as it should be, though every pixel is there: \(text)",
      remedy: "save the image anew, or allow what other decoders allow")
  }
}
