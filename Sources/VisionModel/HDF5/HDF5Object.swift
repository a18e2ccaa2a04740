import VisionSystem
import VisionTensor

/// An object of an HDF5 file, a group or a data set, by the messages of its header.
package struct HDF5Object {
  /// A message that says something of the object.
  struct Message {
    let type: Int
    let body: ByteRange
    /// Whether the body stands elsewhere.
    let isShared: Bool
  }

  let file: ByteRange
  /// The path in the file, for errors.
  package let name: String
  let messages: [Message]

  /// Limits for what a header may have; headers of Keras have a few dozen messages.
  private static let (messageLimit, blockLimit) = (1 << 16, 1 << 12)
  /// Messages of a header that are read or may be ignored.
  private static let known: Set<Int> = Set(0...0x18)

  /// Reads the header at an address.
  init(_ file: ByteRange, at address: Int, name: String) throws(FormatError) {
    self.file = file
    self.name = name
    do {
      messages = try Self.messages(file, at: address)
    } catch { throw error.at(node: name) }
  }

  func first(_ type: Int) -> Message? { messages.first { $0.type == type } }

  /// The body of a message that the object must have in its own header.
  func required(_ type: Int, _ what: String) throws(FormatError) -> ByteRange {
    guard let message = first(type) else { throw error(.corrupt, "has no \(what)") }
    guard !message.isShared else { throw error(.unsupported, "shares its \(what) with other objects") }
    return message.body
  }

  func error(_ kind: FormatError.Kind, _ message: String) -> FormatError {
    FormatError(kind, message, file: file.file, node: name)
  }

  private static func messages(_ file: ByteRange, at address: Int) throws(FormatError) -> [Message] {
    guard let rest = file.slice(address, file.count - min(address, file.count)) else {
      throw file.error(.truncated, "an object's header lies beyond the end, at \(address)")
    }
    var cursor = HDF5Cursor(rest)
    let isNew = rest[0] == UInt8(ascii: "O")
    var block: ByteRange
    var hasOrder = false
    if isNew {
      try cursor.expect("OHDR")
      try cursor.expect(version: 2, of: "an object's header")
      let flags = try cursor.byte()
      hasOrder = flags & 4 != 0
      if flags & 0x20 != 0 { try cursor.skip(16) }
      if flags & 0x10 != 0 { try cursor.skip(4) }
      block = try cursor.part(try cursor.number(ofBytes: 1 << (flags & 3)))
    } else {
      try cursor.expect(version: 1, of: "an object's header")
      try cursor.skip(1 + 2 + 4)
      let size = try cursor.word()
      try cursor.skip(4)
      block = try cursor.part(size)
    }
    var (result, blocks, seen) = ([Message](), [block][...], Set([address]))
    while let block = blocks.popFirst() {
      for message in try list(block, isNew: isNew, hasOrder: hasOrder) {
        guard result.count < messageLimit else {
          throw block.error(.tooLarge, "a header has more than \(messageLimit) messages")
        }
        guard message.type == 0x10 else {
          result.append(message)
          continue
        }
        var place = HDF5Cursor(message.body)
        guard let start = try place.address(), let next = file.slice(start, try place.length()),
          seen.insert(start).inserted, seen.count < blockLimit
        else { throw message.body.error(.corrupt, "a header is continued where it cannot be") }
        blocks.append(isNew ? try continuation(next) : next)
      }
    }
    return result
  }

  /// The messages' bytes in a block of a new header's continuation, between its letters and its checksum.
  private static func continuation(_ block: ByteRange) throws(FormatError) -> ByteRange {
    var cursor = HDF5Cursor(block)
    try cursor.expect("OCHK")
    guard cursor.remaining >= 4 else { throw block.error(.truncated, "a header's block ends too early") }
    return try cursor.part(cursor.remaining - 4)
  }

  private static func list(_ block: ByteRange, isNew: Bool, hasOrder: Bool) throws(FormatError) -> [Message] {
    var cursor = HDF5Cursor(block)
    var result: [Message] = []
    // What is shorter than a message's own header is a gap.
    while cursor.remaining >= (isNew ? hasOrder ? 6 : 4 : 8) {
      let type = isNew ? try cursor.byte() : try cursor.short()
      let size = try cursor.short()
      let flags = try cursor.byte()
      try cursor.skip(isNew ? hasOrder ? 2 : 0 : 3)
      let body = try cursor.part(size)
      guard known.contains(type) || flags & 0x80 == 0 else {
        throw body.error(.unsupported, "a message of type \(type) must be understood, and is not")
      }
      result.append(Message(type: type, body: body, isShared: flags & 2 != 0))
    }
    return result
  }
}
