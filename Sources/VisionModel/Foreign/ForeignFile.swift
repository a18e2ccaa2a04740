import VisionSystem
import VisionTensor

/// What a file is that is not what was wanted, told by its content: a name, and what can be done with it.
///
/// It is asked only where reading has failed, so that it costs good files nothing and cannot misname them.
package struct ForeignFile: Sendable, Hashable {
  /// With an article, as in `a JPEG`.
  package let name: String
  /// How to get what was wanted; nil where that is plain.
  package let remedy: String?
  /// The format of the tensors in it, where VisionNet reads them.
  package let tensors: TensorFormat?

  init(_ name: String, _ remedy: String? = nil, tensors: TensorFormat? = nil) {
    self.name = name
    self.remedy = remedy
    self.tensors = tensors
  }

  /// What the file at `path` is; nil when it cannot be read, or is of no kind that is known.
  package init?(path: String) {
    guard let file = try? MappedFile(path), file.byteCount > 0 else { return nil }
    self.init(file.bytes)
  }

  /// What the bytes of a whole file are; nil when they are of no kind that is known.
  package init?(_ bytes: ByteRange) {
    guard
      let found = Self.signature(bytes) ?? Self.archive(bytes) ?? Self.text(bytes) ?? Self.message(bytes)
    else { return nil }
    self = found
  }

  /// The error for bytes that a reader has refused: what they are where they are something else, or else its own error.
  ///
  /// - Parameters:
  ///   - wanted: with an article, as in `an ONNX model`.
  ///   - own: what the reader is for.
  static func explained(
    _ error: FormatError, _ bytes: ByteRange, wanted: String, own: TensorFormat
  ) -> FormatError {
    guard bytes.count > 0, let foreign = ForeignFile(bytes), foreign.tensors != own else { return error }
    return foreign.error(wanted: wanted)
  }

  /// The error where something else was wanted.
  ///
  /// - Parameter wanted: with an article, as in `an ONNX model`.
  package func error(wanted: String, file: String? = nil) -> FormatError {
    FormatError(.foreign, "not \(wanted) (this is \(name))", file: file, remedy: remedy)
  }
}

extension ByteRange {
  /// Whether the bytes from `offset` on are these.
  func has(_ wanted: [UInt8], at offset: Int = 0) -> Bool {
    slice(offset, wanted.count).map { $0.withUnsafeBytes { $0.elementsEqual(wanted) } } ?? false
  }

  func has(_ wanted: String, at offset: Int = 0) -> Bool { has(Array(wanted.utf8), at: offset) }
}
