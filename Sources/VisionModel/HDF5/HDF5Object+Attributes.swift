import VisionSystem
import VisionTensor

extension HDF5Object {
  /// The texts of an attribute, one or a list; nil where there is no attribute of that name.
  ///
  /// Keras cuts lists that are too long for a header into `NAME0`, `NAME1` and so on; these are put together.
  package func texts(_ attribute: String) throws(FormatError) -> [String]? {
    do {
      if let texts = try self.texts(exactly: attribute) { return texts }
      guard var texts = try self.texts(exactly: attribute + "0") else { return nil }
      var number = 1
      while let more = try self.texts(exactly: "\(attribute)\(number)") {
        texts += more
        number += 1
      }
      return texts
    } catch { throw error.at(node: name) }
  }

  private func texts(exactly attribute: String) throws(FormatError) -> [String]? {
    for message in messages where message.type == 0xc {
      var cursor = HDF5Cursor(message.body)
      guard let parts = try Self.attribute(&cursor, named: attribute) else { continue }
      guard !message.isShared, !parts.isShared else {
        throw message.body.error(.unsupported, "the attribute '\(attribute)' is shared")
      }
      let (type, space) = (try HDF5Datatype(parts.type), try HDF5Dataspace(parts.space))
      let (size, overflow) = (space.count ?? 0).multipliedReportingOverflow(by: type.byteCount)
      guard space.count != nil, !overflow, let data = parts.rest.slice(0, size) else {
        throw message.body.error(.truncated, "the attribute '\(attribute)' is longer than its message")
      }
      return try Self.texts(data, type, file)
    }
    if let info = first(0x15) { try Self.checkAttributesAreCompact(info.body) }
    return nil
  }

  private static func checkAttributesAreCompact(_ info: ByteRange) throws(FormatError) {
    var cursor = HDF5Cursor(info)
    try cursor.expect(version: 0, of: "a list of attributes")
    if try cursor.byte() & 1 != 0 { try cursor.skip(2) }
    guard try cursor.address() == nil else {
      throw info.error(
        .unsupported, "attributes in a heap of their own are not supported",
        remedy: "write the file with h5py's default libver")
    }
  }

  private struct AttributeParts {
    let type: ByteRange
    let space: ByteRange
    let rest: ByteRange
    /// Whether type or shape stand elsewhere.
    let isShared: Bool
  }

  /// The parts of an attribute's message; nil if it has another name.
  private static func attribute(_ cursor: inout HDF5Cursor, named wanted: String) throws(FormatError)
    -> AttributeParts?
  {
    let version = try cursor.byte()
    guard (1...3).contains(version) else {
      throw cursor.bytes.error(.unsupported, "version \(version) of an attribute is not supported")
    }
    let flags = try cursor.byte()
    let sizes = (name: try cursor.short(), type: try cursor.short(), space: try cursor.short())
    if version == 3 { try cursor.skip(1) }
    let name = try cursor.part(sizes.name)
    guard name.array.prefix(while: { $0 != 0 }).elementsEqual(wanted.utf8) else { return nil }
    // Only the first version aligns what follows.
    if version == 1 { try cursor.align() }
    let type = try cursor.part(sizes.type)
    if version == 1 { try cursor.align() }
    let space = try cursor.part(sizes.space)
    if version == 1 { try cursor.align() }
    return AttributeParts(
      type: type, space: space, rest: try cursor.part(cursor.remaining),
      isShared: version > 1 && flags & 3 != 0)
  }

  private static func texts(_ data: ByteRange, _ type: HDF5Datatype, _ file: ByteRange) throws(FormatError)
    -> [String]
  {
    // A list without texts may be of any type: Python has none for its elements.
    if data.count == 0 { return [] }
    var cursor = HDF5Cursor(data)
    var result: [String] = []
    switch type {
    case .text(let size):
      while !cursor.isAtEnd {
        let bytes = try cursor.part(size)
        guard let text = String(validating: bytes.array.prefix { $0 != 0 }, as: UTF8.self) else {
          throw bytes.error(.corrupt, "a text is not UTF-8")
        }
        result.append(text)
      }
    case .longText:
      while !cursor.isAtEnd {
        let count = try cursor.word()
        guard let heap = try cursor.address() else { throw data.error(.corrupt, "a text lies nowhere") }
        result.append(try text(file, heap: heap, index: try cursor.word(), count: count))
      }
    case .number, .other: throw data.error(.unsupported, "an attribute that should be text is none")
    }
    return result
  }

  /// A text in a heap.
  private static func text(_ file: ByteRange, heap: Int, index: Int, count: Int) throws(FormatError) -> String
  {
    if count == 0 { return "" }
    guard let head = file.slice(heap, 16) else {
      throw file.error(.truncated, "a heap lies beyond the end, at \(heap)")
    }
    var cursor = HDF5Cursor(head)
    try cursor.expect("GCOL")
    try cursor.expect(version: 1, of: "a heap")
    try cursor.skip(3)
    guard let all = file.slice(heap, try cursor.length()) else {
      throw head.error(.truncated, "a heap is longer than the file")
    }
    cursor = HDF5Cursor(all)
    try cursor.skip(16)
    while cursor.remaining >= 16 {
      let number = try cursor.short()
      try cursor.skip(6)
      let size = try cursor.length()
      // Number 0 is the rest, which is free.
      guard number != 0 else { break }
      guard number == index else {
        try cursor.skip(size)
        try cursor.skip(min((8 - size % 8) % 8, cursor.remaining))
        continue
      }
      guard size >= count, let text = try cursor.part(size).slice(0, count)?.string else {
        throw all.error(.corrupt, "a text in a heap is too short or not UTF-8", at: cursor.position)
      }
      return text
    }
    throw all.error(.corrupt, "a heap has no object \(index)")
  }
}
