/// The size that compressed pixels, or an image derived from others, declare for themselves.
struct HEIFCodedSize {
  let width: Int
  let height: Int

  /// The sizes in all items of a container and in the codecs' configurations.
  static func all(_ container: HEIFContainer) -> [HEIFCodedSize] {
    let reader = container.reader
    var sizes: [HEIFCodedSize] = []
    for property in container.properties {
      guard let data = reader.slice(property.data.clamped(to: 0..<reader.count)) else { continue }
      switch property.name {
      // Four bytes precede the units.
      case ISOBoxes.name("av1C") where data.count > 4:
        sizes += AV1Sequence.sizes(UnsafeRawBufferPointer(rebasing: data[4...]))
      case ISOBoxes.name("hvcC"): sizes += HEVCParameters.sizes(configuration: data)
      default: continue
      }
    }
    for item in container.items.values {
      let parts = item.extents.compactMap { reader.slice($0.clamped(to: 0..<reader.count)) }
      if parts.count == 1 {
        sizes += Self.sizes(item.type, parts[0])
      } else {
        Array(parts.joined()).withUnsafeBytes { sizes += Self.sizes(item.type, $0) }
      }
    }
    return sizes
  }

  private static func sizes(_ type: Int, _ bytes: UnsafeRawBufferPointer) -> [HEIFCodedSize] {
    switch type {
    case ISOBoxes.name("av01"): AV1Sequence.sizes(bytes)
    case ISOBoxes.name("hvc1"), ISOBoxes.name("hev1"): HEVCParameters.sizes(units: bytes)
    case ISOBoxes.name("grid"): derived(ByteReader(bytes), at: 4)
    // An overlay's size follows its background color.
    case ISOBoxes.name("iovl"): derived(ByteReader(bytes), at: 10)
    default: []
    }
  }

  /// The size of a grid or an overlay: 16-bit numbers, or 32-bit ones if the lowest flag is set.
  private static func derived(_ reader: ByteReader, at offset: Int) -> [HEIFCodedSize] {
    let isLong = (reader.byte(1) ?? 0) & 1 == 1
    guard let width = isLong ? reader.long(offset) : reader.word(offset),
      let height = isLong ? reader.long(offset + 4) : reader.word(offset + 2)
    else { return [] }
    return [HEIFCodedSize(width: width, height: height)]
  }
}
