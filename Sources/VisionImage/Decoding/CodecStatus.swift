import CImageCodecs
import VisionTensor

/// Turns the return codes of the C shims into errors.
enum CodecStatus {
  /// What was wrong with a damaged picture that was read as far as it goes, else nil.
  @discardableResult
  static func check(
    _ format: ImageFormat, _ body: (UnsafeMutablePointer<CChar>) -> Int32
  ) throws(ImageError) -> String? {
    var status: Int32 = 0
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VN_CODEC_MESSAGE_BYTES)) {
      message -> String in
      message.initialize(repeating: 0)
      guard let base = message.baseAddress else { return "" }
      status = body(base)
      return String(cString: base)
    }
    let name = format == .png ? "PNG" : "JPEG"
    switch Int(status) {
    case VN_CODEC_OK: return nil
    case VN_CODEC_PARTIAL: return "the \(name) is damaged: \(text)"
    case VN_CODEC_TRUNCATED: throw ImageError(.truncated, "the \(name) is cut short: \(text)")
    case VN_CODEC_UNSUPPORTED: throw ImageError.unsupported("a kind of \(name): \(text)")
    case VN_CODEC_MEMORY: throw ImageError(.outOfMemory, "no memory to code the \(name)")
    case VN_CODEC_TOO_LARGE: throw ImageError(.tooLarge, "the \(name) is too large: \(text)")
    default: throw ImageError(.corrupt, "the \(name) is damaged: \(text)")
    }
  }
}

extension ImageError {
  /// A format, or a kind of one, that was recognised and is not read here.
  static func unsupported(_ found: String) -> ImageError {
    ImageError(.unsupported, "\(found) is not supported", remedy: "convert it to PNG or baseline JPEG")
  }
}
