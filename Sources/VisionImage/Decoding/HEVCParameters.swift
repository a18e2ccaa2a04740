/// The sizes declared by the sequence parameter sets of an HEVC stream (ITU-T H.265, 7.3.2.2).
enum HEVCParameters {
  /// The sizes in a decoder configuration record (ISO/IEC 14496-15, 8.3.3): arrays of units with two-byte
  /// lengths.
  static func sizes(configuration: UnsafeRawBufferPointer) -> [HEIFCodedSize] {
    let reader = ByteReader(configuration)
    var sizes: [HEIFCodedSize] = []
    var offset = 23
    for _ in 0..<(reader.byte(22) ?? 0) {
      guard let count = reader.word(offset + 1) else { return sizes }
      offset += 3
      for _ in 0..<count {
        guard let length = reader.word(offset) else { return sizes }
        offset += 2
        sizes += size(reader, offset, length)
        offset += length
      }
    }
    return sizes
  }

  /// The sizes in units with four-byte lengths.
  static func sizes(units: UnsafeRawBufferPointer) -> [HEIFCodedSize] {
    let reader = ByteReader(units)
    var sizes: [HEIFCodedSize] = []
    var offset = 0
    while let length = reader.long(offset) {
      sizes += size(reader, offset + 4, length)
      offset += 4 + length
    }
    return sizes
  }

  private static func size(_ reader: ByteReader, _ start: Int, _ length: Int) -> [HEIFCodedSize] {
    // Unit type 33 is a sequence parameter set; the size is among its first bytes.
    let end = min(start + min(length, 512), reader.count)
    guard let first = reader.byte(start), first >> 1 & 63 == 33, start + 2 < end,
      let unit = reader.slice(start + 2..<end)
    else { return [] }
    var bits = BitReader(unescaped(unit))
    bits.skip(4)
    let layers = bits.number(3)
    bits.skip(1 + 96)
    skipLayers(layers, &bits)
    _ = bits.golomb()
    if bits.golomb() == 3 { bits.skip(1) }
    let size = HEIFCodedSize(width: bits.golomb(), height: bits.golomb())
    return bits.isExhausted ? [] : [size]
  }

  /// Skips profile and level of each layer below the highest.
  private static func skipLayers(_ layers: Int, _ bits: inout BitReader) {
    guard layers > 0 else { return }
    let present = (0..<layers).map { _ in (bits.flag(), bits.flag()) }
    bits.skip(2 * (8 - layers))
    for (profile, level) in present { bits.skip((profile ? 88 : 0) + (level ? 8 : 0)) }
  }

  /// Removes the bytes 3 that prevent start codes in the data.
  private static func unescaped(_ unit: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    var zeros = 0
    for byte in unit {
      if zeros >= 2, byte == 3 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      result.append(byte)
    }
    return result
  }
}
