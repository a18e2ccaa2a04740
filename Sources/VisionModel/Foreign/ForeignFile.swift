import VisionSystem
import VisionTensor

/// What an unsuitable file actually is, judged by its content: a name, and a remedy.
///
/// It is used only after reading has failed, so that valid files cost nothing and cannot be misidentified.
package struct ForeignFile: Sendable, Hashable {
  /// The name with its article, such as `a JPEG`.
  package let name: String
  /// How to get a suitable file; nil where that is obvious.
  package let remedy: String?
  /// The format of the tensors in the file, if VisionNet can read them.
  package let tensors: TensorFormat?

  init(_ name: String, _ remedy: String? = nil, tensors: TensorFormat? = nil) {
    self.name = name
    self.remedy = remedy
    self.tensors = tensors
  }

  /// Identifies the file at `path`; nil when it cannot be read or is of no known kind.
  package init?(path: String) {
    guard let file = try? MappedFile(path), file.byteCount > 0 else { return nil }
    self.init(file.bytes)
  }

  /// Identifies a whole file by its bytes; nil when it is of no known kind.
  package init?(_ bytes: ByteRange) {
    guard
      let found = Self.signature(bytes) ?? Self.archive(bytes) ?? Self.text(bytes) ?? Self.message(bytes)
    else { return nil }
    self = found
  }

  /// The error for bytes that a reader has rejected: it says what they are if they are something else;
  /// otherwise `error`.
  ///
  /// - Parameters:
  ///   - wanted: the wanted kind with its article, such as `an ONNX model`.
  ///   - own: the reader's own format.
  static func explained(
    _ error: FormatError, _ bytes: ByteRange, wanted: String, own: TensorFormat
  ) -> FormatError {
    guard bytes.count > 0, let foreign = ForeignFile(bytes), foreign.tensors != own else { return error }
    return foreign.error(wanted: wanted)
  }

  /// The error when something else was wanted.
  ///
  /// - Parameter wanted: the wanted kind with its article, such as `an ONNX model`.
  package func error(wanted: String, file: String? = nil) -> FormatError {
    FormatError(.foreign, "not \(wanted) but \(name)", file: file, remedy: remedy)
  }
}

extension ByteRange {
  /// Whether the bytes from `offset` on are these.
  func has(_ wanted: [UInt8], at offset: Int = 0) -> Bool {
    slice(offset, wanted.count).map { $0.withUnsafeBytes { $0.elementsEqual(wanted) } } ?? false
  }

  func has(_ wanted: String, at offset: Int = 0) -> Bool { has(Array(wanted.utf8), at: offset) }
}
