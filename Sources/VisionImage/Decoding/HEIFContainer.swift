/// The items of a HEIF container (ISO/IEC 23008-12) with their properties and references.
struct HEIFContainer {
  struct Item {
    /// Four letters: the codec, or how the item is derived from others.
    var type = 0
    /// Indices of the item's properties, in the order in which they are applied.
    var properties: [Int] = []
    /// The ranges of its bytes.
    var extents: [Range<Int>] = []
    /// Whether the file gives a length for any extent, other than zero, which means the rest of the file.
    var hasSaidLength = false
  }

  let reader: ByteReader
  private(set) var primary = 0
  private(set) var items: [Int: Item] = [:]
  private(set) var properties: [ISOBoxes.Box] = []
  /// References: the kind, the item that refers, and the items that it refers to.
  private(set) var references: [(name: Int, from: Int, to: [Int])] = []
  /// Whether a box of the file, or an item, ends beyond the end of the file.
  private(set) var isCutShort = false

  /// The most items and references that are read; a photo of 1 gigapixel in tiles of 512 pixels has 4000.
  private static let maximumItems = 1 << 16

  /// Reads the directory of items; nil if there is none.
  init?(_ bytes: UnsafeRawBufferPointer) {
    reader = ByteReader(bytes)
    var directory: ISOBoxes.Box?
    for box in ISOBoxes(reader, 0..<bytes.count) {
      if box.isNamed("meta"), directory == nil { directory = box }
      if box.data.upperBound > bytes.count { isCutShort = true }
    }
    guard let directory, let start = directory.version(reader)?.start else { return nil }
    let boxes = Array(ISOBoxes(reader, start..<Swift.max(start, directory.data.upperBound)))
    let own = boxes.first { $0.isNamed("idat") }?.data
    for box in boxes {
      switch box.name {
      case ISOBoxes.name("pitm"): readPrimary(box)
      case ISOBoxes.name("iinf"): readItems(box)
      case ISOBoxes.name("iloc"): readLocations(box, own: own)
      case ISOBoxes.name("iprp"): readProperties(box)
      case ISOBoxes.name("iref"): readReferences(box)
      default: break
      }
    }
    for item in items.values where item.extents.contains(where: { $0.upperBound > bytes.count }) {
      isCutShort = true
    }
  }

  /// The properties of an item, in order.
  func properties(of item: Int) -> [ISOBoxes.Box] {
    (items[item]?.properties ?? []).compactMap { properties.indices.contains($0) ? properties[$0] : nil }
  }

  private mutating func readPrimary(_ box: ISOBoxes.Box) {
    guard let (version, _, start) = box.version(reader) else { return }
    primary = (version == 0 ? reader.word(start) : reader.long(start)) ?? 0
  }

  private mutating func readItems(_ box: ISOBoxes.Box) {
    guard let (version, _, start) = box.version(reader), start <= box.data.upperBound else { return }
    for entry in ISOBoxes(reader, start + (version == 0 ? 2 : 4)..<Swift.max(box.data.upperBound, start + 4))
    {
      guard entry.isNamed("infe"), let (version, _, start) = entry.version(reader), version >= 2,
        items.count < Self.maximumItems
      else { continue }
      let isLong = version >= 3
      guard let number = isLong ? reader.long(start) : reader.word(start),
        let type = reader.long(start + (isLong ? 6 : 4))
      else { continue }
      items[number, default: Item()].type = type
    }
  }

  private mutating func readProperties(_ box: ISOBoxes.Box) {
    for part in ISOBoxes(reader, box.data) {
      if part.isNamed("ipco") { properties = Array(ISOBoxes(reader, part.data).prefix(Self.maximumItems)) }
      if part.isNamed("ipma") { readAssociations(part) }
    }
  }

  private mutating func readAssociations(_ box: ISOBoxes.Box) {
    guard let (version, flags, start) = box.version(reader), let entries = reader.long(start) else { return }
    var offset = start + 4
    for _ in 0..<min(entries, Self.maximumItems) {
      guard let number = version == 0 ? reader.word(offset) : reader.long(offset) else { return }
      offset += version == 0 ? 2 : 4
      guard let count = reader.byte(offset) else { return }
      offset += 1
      var list: [Int] = []
      for _ in 0..<count {
        // The highest bit marks an essential property; numbers begin with 1.
        guard
          let index = flags & 1 == 1
            ? reader.word(offset).map({ $0 & 0x7fff }) : reader.byte(offset).map({ $0 & 0x7f })
        else { return }
        list.append(index - 1)
        offset += flags & 1 == 1 ? 2 : 1
      }
      items[number, default: Item()].properties = list
    }
  }

  private mutating func readReferences(_ box: ISOBoxes.Box) {
    guard let (version, _, start) = box.version(reader), start <= box.data.upperBound else { return }
    let size = version == 0 ? 2 : 4
    func number(_ offset: Int) -> Int? { size == 2 ? reader.word(offset) : reader.long(offset) }
    for entry in ISOBoxes(reader, start..<box.data.upperBound).prefix(Self.maximumItems) {
      let first = entry.data.lowerBound
      guard let from = number(first), let count = reader.word(first + size) else { continue }
      // The count is untrusted: no more numbers than fit in the entry are read, since reading on could take
      // hours.
      let room = (entry.data.upperBound - first - size - 2) / size
      let to = (0..<min(count, Swift.max(room, 0))).compactMap { number(first + size + 2 + $0 * size) }
      references.append((entry.name, from, to))
    }
  }

  private mutating func readLocations(_ box: ISOBoxes.Box, own: Range<Int>?) {
    guard let (version, _, start) = box.version(reader), version <= 2, let sizes = reader.word(start),
      let count = version < 2 ? reader.word(start + 2) : reader.long(start + 2)
    else { return }
    let (offsetSize, lengthSize, baseSize) = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15)
    let indexSize = version == 0 ? 0 : sizes & 15
    var offset = start + (version < 2 ? 4 : 6)
    func take(_ size: Int) -> Int? {
      defer { offset += size }
      switch size {
      case 0: return 0
      case 2: return reader.word(offset)
      case 4: return reader.long(offset)
      case 8: return reader.quad(offset)
      default: return nil
      }
    }
    for _ in 0..<min(count, Self.maximumItems) {
      guard let number = take(version < 2 ? 2 : 4), let method = version == 0 ? 0 : take(2), take(2) != nil,
        let base = take(baseSize), let extents = take(2)
      else { return }
      // Extents without any fields take no bytes. Then there is one, the whole file, whatever number the file
      // claims.
      let isUnsaid = indexSize + offsetSize + lengthSize == 0
      var list: [Range<Int>] = []
      var hasSaidLength = false
      for _ in 0..<(isUnsaid ? min(extents, 1) : extents) {
        guard take(indexSize) != nil, let first = take(offsetSize), let length = take(lengthSize) else {
          return
        }
        // The offset is relative to the file, or to a box of the directory.
        let origin = method & 15 == 1 ? (own?.lowerBound ?? reader.count) : 0
        let begin = base.addingReportingOverflow(first)
        guard !begin.overflow, begin.partialValue <= 1 << 61 else { return }
        let place = origin + begin.partialValue
        // A length of zero means the rest.
        let end =
          length == 0
          ? Swift.max(place, (method & 15 == 1 ? own?.upperBound : nil) ?? reader.count)
          : place + min(length, 1 << 61)
        list.append(place..<end)
        hasSaidLength = hasSaidLength || length > 0
      }
      if method & 15 <= 1 {
        items[number, default: Item()].extents = list
        items[number, default: Item()].hasSaidLength = hasSaidLength
      }
    }
  }
}
