import VisionSystem

/// The memory of tensors: owned and aligned bytes, or borrowed bytes that another object keeps alive (a
/// mapped file).
///
/// The bytes are written only before the storage is shared.
// Checked by hand: only the initializer writes; everything else reads.
public final class TensorStorage: @unchecked Sendable {
  /// Alignment of owned memory in bytes: one cache line, and one AVX-512 register.
  public static let alignment = MemoryPages.alignment

  package let base: UnsafeRawPointer
  package let byteCount: Int
  private let owned: UnsafeMutableRawPointer?
  private let owner: AnyObject?

  /// Allocates `byteCount` bytes, sets them to zero and lets `initialize` fill them.
  package init(
    byteCount: Int, initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void = { _ in }
  ) rethrows {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(byteCount, 1), alignment: Self.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 1))
    self.owned = memory
    self.owner = nil
    self.base = UnsafeRawPointer(memory)
    self.byteCount = byteCount
    try initialize(UnsafeMutableRawBufferPointer(start: memory, count: byteCount))
  }

  /// Wraps bytes that stay valid and unchanged for as long as `owner` lives.
  package init(borrowing bytes: UnsafeRawBufferPointer, from owner: AnyObject) {
    self.owned = nil
    self.owner = owner
    self.base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: Self.alignment)!
    self.byteCount = bytes.count
  }

  /// Hints that the bytes will not be read soon. Those of a mapped file are released from memory and reloaded
  /// when read.
  package func giveBack(_ bytes: UnsafeRawBufferPointer? = nil) {
    (owner as? any ReloadableBytes)?.giveBack(
      bytes ?? UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  deinit { owned?.deallocate() }
}

/// An owner of bytes that can be reloaded from a file.
package protocol ReloadableBytes: AnyObject {
  /// Releases the pages that are entirely within `bytes`.
  func giveBack(_ bytes: UnsafeRawBufferPointer)
}
