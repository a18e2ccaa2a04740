import CImageCodecs
import VisionSystem
import VisionTensor

/// What a codec says of an image that it gave.
struct CodecStatus: Sendable {
  /// What was wrong with a damaged image that was read as far as it goes.
  var damage: String?
  /// What is not as it should be with a file whose every pixel is there.
  var oddity: ImageError?

  static let sound = CodecStatus()

  /// Turns the return codes of the C shims into errors.
  ///
  /// - Parameter library: what decodes the format, for the error when it is missing.
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
  /// A format, or a kind of one, that was recognized and is not read here.
  static func unsupported(_ found: String) -> ImageError {
    ImageError(.unsupported, "\(found) is not supported", remedy: "convert it to PNG or baseline JPEG")
  }

  /// What every decoder reads with a shrug.
  static func odd(_ kind: Kind, _ format: ImageFormat, _ text: String) -> ImageError {
    ImageError(
      kind, "the \(format.name) is not as it should be, though every pixel is there: \(text)",
      remedy: "save the image anew, or allow what other decoders allow")
  }
}
