import CVisionSystem

/// A SHA-256 hash (FIPS PUB 180-4).
package struct ContentHash: Hashable, Comparable, Sendable {
  package static let byteCount = 32

  /// The hash as four big-endian numbers.
  private let a: UInt64, b: UInt64, c: UInt64, d: UInt64

  package var words: (UInt64, UInt64, UInt64, UInt64) { (a, b, c, d) }

  package init(of bytes: [UInt8]) { self = bytes.withUnsafeBytes { ContentHash(of: $0) } }

  package init(of parts: UnsafeRawBufferPointer...) {
    var hash = vn_sha256()
    vn_sha256_begin(&hash)
    for part in parts { vn_sha256_append(&hash, part.baseAddress, part.count) }
    self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.byteCount) { digest in
      vn_sha256_end(&hash, digest.baseAddress)
      return ContentHash(stored: UnsafeRawBufferPointer(digest))
    }
  }

  /// A stored hash of 32 bytes.
  package init(stored bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    (a, b, c, d) = (word(0), word(1), word(2), word(3))
  }

  package var bytes: [UInt8] {
    [a, b, c, d].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
  }

  /// 64 lowercase hexadecimal digits.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  package static func < (x: ContentHash, y: ContentHash) -> Bool {
    (x.a, x.b, x.c, x.d) < (y.a, y.b, y.c, y.d)
  }
}
