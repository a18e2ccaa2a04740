/// What an image file is told from others by: the first 48 bits of the SHA-256 of its bytes.
///
/// Where a million files are known, one other file in 280 million is taken for one of them. The same image saved anew, at
/// another size or quality, is another file.
public struct ImageHash: Sendable, Hashable, Comparable {
  static let byteCount = 6

  /// The 48 bits as a number, the first byte the highest.
  let value: UInt64

  init(value: UInt64) { self.value = value & 0xFFFF_FFFF_FFFF }

  /// Of the first eight bytes of the SHA-256, big-endian.
  package init(leading word: UInt64) { value = word >> 16 }

  public static func < (a: ImageHash, b: ImageHash) -> Bool { a.value < b.value }
}
