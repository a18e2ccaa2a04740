import VisionSystem
import VisionTensor

/// The sizes declared by the sequence headers of an AV1 stream (AV1 bitstream specification, 5.5).
enum AV1Sequence {
  static func sizes(_ stream: UnsafeRawBufferPointer) -> [HEIFCodedSize] {
    var sizes: [HEIFCodedSize] = []
    var offset = 0
    while offset < stream.count {
      let header = stream[offset]
      offset += header & 4 != 0 ? 2 : 1
      var length = max(stream.count - offset, 0)
      if header & 2 != 0 { length = min(number(stream, &offset), max(stream.count - offset, 0)) }
      guard length >= 0, offset <= stream.count else { return sizes }
      // The header has a few bytes for each of at most 32 operating points.
      if header >> 3 & 15 == 1 {
        let unit = Array(stream[offset..<offset + min(length, 1024)])
        if let size = size(unit) { sizes.append(size) }
      }
      offset += length
    }
    return sizes
  }

  /// Reads a number with seven bits per byte, the lowest first.
  private static func number(_ stream: UnsafeRawBufferPointer, _ offset: inout Int) -> Int {
    var value = 0
    for index in 0..<8 where offset < stream.count {
      let byte = Int(stream[offset])
      offset += 1
      value |= (byte & 127) << (7 * index)
      if byte & 128 == 0 { break }
    }
    return value
  }

  private static func size(_ header: [UInt8]) -> HEIFCodedSize? {
    var bits = BitReader(header)
    bits.skip(4)
    if bits.flag() {
      // A still image.
      bits.skip(5)
    } else {
      skipOperatingPoints(&bits)
    }
    let (columns, rows) = (bits.number(4) + 1, bits.number(4) + 1)
    let size = HEIFCodedSize(width: bits.number(columns) + 1, height: bits.number(rows) + 1)
    return bits.isExhausted ? nil : size
  }

  private static func skipOperatingPoints(_ bits: inout BitReader) {
    var delayBits: Int?
    if bits.flag() {
      bits.skip(64)
      if bits.flag() { _ = bits.golomb() }
      if bits.flag() {
        delayBits = bits.number(5) + 1
        bits.skip(42)
      }
    }
    let hasDelay = bits.flag()
    for _ in 0...bits.number(5) {
      bits.skip(12)
      if bits.number(5) > 7 { bits.skip(1) }
      if let delayBits, bits.flag() { bits.skip(2 * delayBits + 1) }
      if hasDelay, bits.flag() { bits.skip(4) }
    }
  }
}
