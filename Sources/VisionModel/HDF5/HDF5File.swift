import VisionSystem
import VisionTensor

/// An HDF5 file as Keras and h5py write it: groups by symbol tables or link messages, attributes in object headers, data that are
/// contiguous, compact, or in chunks by version 1 B-trees with deflate, shuffle and checksum. Whatever else the format has is
/// refused by name.
///
/// Source: "HDF5 File Format Specification", version 3.0. Every address and length is checked against the file.
package struct HDF5File {
  let bytes: ByteRange
  /// The group that holds all others.
  package private(set) var root: HDF5Object

  static let signature: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1a, 0x0a]

  /// The file at `path`; nil if it is of another kind or cannot be read.
  package init?(at path: String) throws(FormatError) {
    guard let file = try? MappedFile(path), Self.isOne(file.bytes) else { return nil }
    do {
      try self.init(file.bytes)
    } catch { throw error.at(file: path) }
  }

  /// The file in `bytes`; nil if they are of another kind.
  package init?(bytes: [UInt8]) throws(FormatError) {
    let range = ByteRange(bytes)
    guard Self.isOne(range) else { return nil }
    try self.init(range)
  }

  static func isOne(_ bytes: ByteRange) -> Bool { bytes.slice(0, 8)?.array == signature }

  init(_ bytes: ByteRange) throws(FormatError) {
    self.bytes = bytes
    let address = try Self.root(bytes)
    root = try HDF5Object(bytes, at: address, name: "/")
  }

  /// Reads the superblock and gives the address of the root group's header.
  private static func root(_ bytes: ByteRange) throws(FormatError) -> Int {
    var cursor = HDF5Cursor(bytes)
    try cursor.skip(signature.count)
    let version = try cursor.byte()
    guard version <= 3 else {
      throw bytes.error(.unsupported, "version \(version) of the superblock is not supported", at: 8)
    }
    if version < 2 { try cursor.skip(4) }
    let (offsets, lengths) = (try cursor.byte(), try cursor.byte())
    guard offsets == 8, lengths == 8 else {
      throw bytes.error(
        .unsupported, "addresses of \(offsets) and lengths of \(lengths) bytes are not supported", at: 8)
    }
    // Up to version 1: a reserved byte, two sizes of groups' nodes and flags; then those of chunks' nodes.
    try cursor.skip([9, 13, 1, 1][version])
    guard try cursor.address() == 0 else {
      throw bytes.error(.unsupported, "a file inside another file is not supported", at: cursor.position)
    }
    // Of a free-space heap or an extension.
    _ = try cursor.address()
    guard let end = try cursor.address(), end <= bytes.count else {
      throw bytes.error(.truncated, "the file is shorter than it says", at: cursor.position - 8)
    }
    if version < 2 {
      // A driver's block, then the entry of the root group: its name, then its header.
      _ = try cursor.address()
      _ = try cursor.length()
    }
    guard let root = try cursor.address() else {
      throw bytes.error(.corrupt, "the file has no root group", at: cursor.position - 8)
    }
    return root
  }

  /// The object at a path such as `model_weights/dense_1`; nil if there is none.
  package func object(_ path: String) throws(FormatError) -> HDF5Object? { try root.object(path) }
}
