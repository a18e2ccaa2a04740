import VisionSystem
import VisionTensor

/// Reads numbers from untrusted bytes with bounds checks: nil outside the bytes.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  var isLittleEndian = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var count: Int { bytes.count }

  func byte(_ offset: Int) -> Int? {
    offset >= 0 && offset < bytes.count ? Int(bytes[offset]) : nil
  }

  func word(_ offset: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - 2 else { return nil }
    let (a, b) = (Int(bytes[offset]), Int(bytes[offset + 1]))
    return isLittleEndian ? b << 8 | a : a << 8 | b
  }

  /// Three bytes.
  func triple(_ offset: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - 3 else { return nil }
    let (a, b, c) = (Int(bytes[offset]), Int(bytes[offset + 1]), Int(bytes[offset + 2]))
    return isLittleEndian ? c << 16 | b << 8 | a : a << 16 | b << 8 | c
  }

  func long(_ offset: Int) -> Int? {
    guard let a = word(offset), let b = word(offset + 2) else { return nil }
    return isLittleEndian ? b << 16 | a : a << 16 | b
  }

  /// Eight bytes; nil also for numbers too large for any file size.
  func quad(_ offset: Int) -> Int? {
    guard let a = long(offset), let b = long(offset + 4) else { return nil }
    let (high, low) = isLittleEndian ? (b, a) : (a, b)
    return high < 1 << 30 ? high << 32 | low : nil
  }

  /// Whether the bytes at `offset` are the ASCII characters of `text`.
  func has(_ text: StaticString, at offset: Int) -> Bool {
    guard offset >= 0, offset <= bytes.count - text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[offset + index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  /// The bytes of a range; nil if it is not inside.
  func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer? {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }
}
