import VisionSystem
import VisionTensor

extension HDF5Object {
  /// Limit for the members of a group.
  private static let memberLimit = 1 << 20
  /// Limit for the levels of a B-tree; with two children a node, more than any file needs.
  static let treeLevels = 32

  /// The object at a path relative to this group; nil if there is none.
  package func object(_ path: String) throws(FormatError) -> HDF5Object? {
    var object = self
    for part in path.split(separator: "/") {
      guard let address = try object.links()[String(part)] else { return nil }
      object = try HDF5Object(
        file, at: address, name: object.name == "/" ? String(part) : "\(object.name)/\(part)")
    }
    return object
  }

  /// The addresses of the group's members by their names; none for data sets. Links that lead to other files or by a path are left
  /// out.
  func links() throws(FormatError) -> [String: Int] {
    do {
      if let table = first(0x11) { return try Self.symbols(table.body, file) }
      if let info = first(2) { try Self.checkIsCompact(info.body) }
      var links: [String: Int] = [:]
      for message in messages where message.type == 6 {
        guard let (name, address) = try Self.link(message.body) else { continue }
        links[name] = address
      }
      return links
    } catch { throw error.at(node: name) }
  }

  /// Refuses groups whose links lie in a heap of their own.
  private static func checkIsCompact(_ info: ByteRange) throws(FormatError) {
    var cursor = HDF5Cursor(info)
    try cursor.expect(version: 0, of: "a group's links")
    if try cursor.byte() & 1 != 0 { try cursor.skip(8) }
    guard try cursor.address() == nil else {
      throw info.error(
        .unsupported, "groups with many links in creation order are not supported",
        remedy: "write the file with h5py's default libver and without track_order")
    }
  }

  /// A link message; nil for links that are not to an object of the file.
  private static func link(_ body: ByteRange) throws(FormatError) -> (String, Int)? {
    var cursor = HDF5Cursor(body)
    try cursor.expect(version: 1, of: "a link")
    let flags = try cursor.byte()
    let type = flags & 8 != 0 ? try cursor.byte() : 0
    if flags & 4 != 0 { try cursor.skip(8) }
    if flags & 0x10 != 0 { try cursor.skip(1) }
    let name = try cursor.part(try cursor.number(ofBytes: 1 << (flags & 3)))
    guard type == 0 else { return nil }
    guard let text = name.string, let address = try cursor.address() else {
      throw body.error(.corrupt, "a link has no name or leads nowhere")
    }
    return (text, address)
  }

  /// The members by a symbol table: a B-tree of nodes whose entries have their names in a heap.
  private static func symbols(_ table: ByteRange, _ file: ByteRange) throws(FormatError) -> [String: Int] {
    var cursor = HDF5Cursor(table)
    guard let tree = try cursor.address(), let heap = try cursor.address() else { return [:] }
    let names = try self.heap(file, at: heap)
    var links: [String: Int] = [:]
    for leaf in try HDF5Tree.leaves(file, at: tree, .group) {
      guard let rest = file.slice(leaf.address, file.count - min(leaf.address, file.count)) else {
        throw file.error(.truncated, "a group's node lies beyond the end, at \(leaf.address)")
      }
      var cursor = HDF5Cursor(rest)
      try cursor.expect("SNOD")
      try cursor.expect(version: 1, of: "a group's node")
      try cursor.skip(1)
      for _ in 0..<(try cursor.short()) {
        let (place, address, kind) = (try cursor.length(), try cursor.address(), try cursor.word())
        try cursor.skip(4 + 16)
        // Kind 2 is a link by a path.
        guard kind != 2 else { continue }
        guard let address, links.count < memberLimit, let name = text(in: names, at: place) else {
          throw rest.error(.corrupt, "a member of a group has no name or leads nowhere", at: cursor.position)
        }
        links[name] = address
      }
    }
    return links
  }

  private static func heap(_ file: ByteRange, at address: Int) throws(FormatError) -> ByteRange {
    guard let header = file.slice(address, 32) else {
      throw file.error(.truncated, "a heap lies beyond the end, at \(address)")
    }
    var cursor = HDF5Cursor(header)
    try cursor.expect("HEAP")
    try cursor.expect(version: 0, of: "a heap")
    try cursor.skip(3)
    let size = try cursor.length()
    try cursor.skip(8)
    guard let start = try cursor.address(), let data = file.slice(start, size) else {
      throw header.error(.truncated, "a heap's names lie beyond the end")
    }
    return data
  }

  /// The text up to the next zero byte.
  private static func text(in heap: ByteRange, at place: Int) -> String? {
    guard place < heap.count else { return nil }
    var end = place
    while let byte = heap[end], byte != 0 { end += 1 }
    guard end < heap.count else { return nil }
    return heap.slice(place, end - place)?.string
  }
}
