/// The size that compressed pixels, or an image derived from others, declare for themselves.
struct HEIFCodedSize {
  let width: Int
  let height: Int

  /// The sizes in all items of a container and in the codecs' configurations.
  static func all(_ container: HEIFContainer) -> [HEIFCodedSize] {
    var sizes: [HEIFCodedSize] = []
    for property in container.properties { sizes += configured(container, property) }
    for item in container.items.values { sizes += own(container, item) }
    return sizes
  }

  /// The sizes of one item: in its bytes, in its codec's configuration, and the size that the container says.
  static func all(_ container: HEIFContainer, item: Int) -> [HEIFCodedSize] {
    guard let entry = container.items[item] else { return [] }
    let reader = container.reader
    var sizes = own(container, entry)
    for property in container.properties(of: item) {
      sizes += configured(container, property)
      if property.isNamed("ispe"), let width = reader.long(property.data.lowerBound + 4),
        let height = reader.long(property.data.lowerBound + 8)
      {
        sizes.append(HEIFCodedSize(width: width, height: height))
      }
    }
    return sizes
  }

  /// The sizes in a codec's configuration; none in other properties.
  private static func configured(_ container: HEIFContainer, _ property: ISOBoxes.Box) -> [HEIFCodedSize] {
    let reader = container.reader
    guard let data = reader.slice(property.data.clamped(to: 0..<reader.count)) else { return [] }
    switch property.name {
    // Four bytes precede the units.
    case ISOBoxes.name("av1C") where data.count > 4:
      return AV1Sequence.sizes(UnsafeRawBufferPointer(rebasing: data[4...]))
    case ISOBoxes.name("hvcC"): return HEVCParameters.sizes(configuration: data)
    default: return []
    }
  }

  /// The sizes in the bytes of an item.
  private static func own(_ container: HEIFContainer, _ item: HEIFContainer.Item) -> [HEIFCodedSize] {
    let reader = container.reader
    let parts = item.extents.compactMap { reader.slice($0.clamped(to: 0..<reader.count)) }
    if parts.count == 1 { return sizes(item.type, parts[0]) }
    return Array(parts.joined()).withUnsafeBytes { sizes(item.type, $0) }
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
