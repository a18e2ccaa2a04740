import VisionSystem
import VisionTensor

/// Reads bits from untrusted bytes, the highest of each byte first; zeros after the end.
struct BitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether bits beyond the end were read.
  var isExhausted: Bool { position > bytes.count * 8 }

  /// The next `count` bits, at most 32, as a number.
  mutating func number(_ count: Int) -> Int {
    var value = 0
    for _ in 0..<count {
      let byte = position >> 3
      value = value << 1 | (byte < bytes.count ? Int(bytes[byte] >> (7 - UInt8(position & 7)) & 1) : 0)
      position += 1
    }
    return value
  }

  mutating func flag() -> Bool { number(1) == 1 }

  mutating func skip(_ count: Int) { position += count }

  /// Reads an exponential Golomb code of order 0: n zeros, a one, and n bits.
  mutating func golomb() -> Int {
    var zeros = 0
    while !isExhausted, !flag() { zeros += 1 }
    return zeros < 32 ? 1 << zeros - 1 + number(zeros) : Int(UInt32.max)
  }
}
