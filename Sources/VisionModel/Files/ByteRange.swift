import VisionSystem
package import VisionTensor

/// A range of bytes of a file or of memory, which it keeps alive; every access is checked.
// Safe to share: the bytes are only read, and the owner is only retained.
package struct ByteRange: @unchecked Sendable {
  private let owner: AnyObject
  private let bytes: UnsafeRawBufferPointer
  /// The position of the first byte in the file.
  package let offset: Int
  /// The path of the file, if there is one.
  package let file: String?

  init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject, offset: Int = 0, file: String?) {
    self.owner = owner
    self.bytes = bytes
    self.offset = offset
    self.file = file
  }

  /// Holds a copy of `array`.
  package init(_ array: [UInt8], file: String? = nil) {
    let storage = TensorStorage(byteCount: array.count) { target in
      array.withUnsafeBytes { target.copyMemory(from: $0) }
    }
    self.init(storage, file: file)
  }

  package init(_ storage: TensorStorage, file: String? = nil) {
    self.init(
      UnsafeRawBufferPointer(start: storage.base, count: storage.byteCount), owner: storage, file: file)
  }

  package var count: Int { bytes.count }

  /// The byte at `index`, or nil beyond the end.
  package subscript(index: Int) -> UInt8? { index >= 0 && index < bytes.count ? bytes[index] : nil }

  /// `count` bytes beginning at `start`, or nil when they exceed the range.
  package func slice(_ start: Int, _ count: Int) -> ByteRange? {
    guard start >= 0, count >= 0, start <= bytes.count, count <= bytes.count - start else { return nil }
    return ByteRange(
      UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]), owner: owner,
      offset: offset + start, file: file)
  }

  /// The little-endian integer at `index`, or nil when it exceeds the range.
  package func integer<Number: FixedWidthInteger & BitwiseCopyable>(_ index: Int, as _: Number.Type)
    -> Number?
  {
    guard index >= 0, index <= bytes.count, MemoryLayout<Number>.size <= bytes.count - index else {
      return nil
    }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: Number.self))
  }

  package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try body(bytes)
  }

  /// The bytes as a UTF-8 string, or nil when they are not UTF-8.
  package var string: String? { withUnsafeBytes { String(validating: $0, as: UTF8.self) } }

  /// A copy of the bytes.
  package var array: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Storage that borrows these bytes.
  package var storage: TensorStorage { TensorStorage(borrowing: bytes, from: owner) }

  /// An error at byte `index` of this range.
  package func error(_ kind: FormatError.Kind, _ message: String, at index: Int = 0, remedy: String? = nil)
    -> FormatError
  {
    FormatError(kind, message, file: file, offset: offset + index, remedy: remedy)
  }
}
