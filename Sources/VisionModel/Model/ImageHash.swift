/// Identifies an image file: the first 48 bits of the SHA-256 of its bytes.
///
/// With a million known files, another file matches one of them by accident with a probability of 1 in 280
/// million. The same image saved again, or at another size or quality, is a different file.
public struct ImageHash: Sendable, Hashable, Comparable {
  static let byteCount = 6

  /// The 48 bits as a number, the first byte being the most significant.
  let value: UInt64

  init(value: UInt64) { self.value = value & 0xFFFF_FFFF_FFFF }

  /// From the first eight bytes of the SHA-256, big-endian.
  package init(leading word: UInt64) { value = word >> 16 }

  public static func < (a: ImageHash, b: ImageHash) -> Bool { a.value < b.value }
}
