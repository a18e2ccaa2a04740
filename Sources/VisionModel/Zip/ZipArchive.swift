import VisionSystem
import VisionTensor

/// A zip archive, read through a memory map: stored and deflated entries, zip64.
///
/// Ranges, overlaps and names are checked when the archive is opened, and the checksum of an entry when it is
/// read. Nothing is ever extracted to a path given in the archive.
///
/// Source: PKWARE APPNOTE 6.3.
public struct ZipArchive: Sendable {
  /// One file in the archive.
  public struct Entry: Sendable, Hashable {
    /// The path in the archive: relative, and without `..`.
    public let name: String
    /// The size after decompression, in bytes.
    public let size: Int
    /// The size in the archive, in bytes.
    public let compressedSize: Int
    /// CRC-32 of the decompressed bytes.
    public let checksum: UInt32
    let method: Int
    let isEncrypted: Bool
    let data: Range<Int>
  }

  /// The entries in the order of the archive's directory, without folders.
  public let entries: [Entry]
  private let positions: [String: Int]
  private let bytes: ByteRange

  /// Opens the archive at `path`.
  public init(_ path: String) throws(FormatError) { try self.init(MappedFile(path).bytes) }

  /// Opens an archive in memory.
  public init(bytes: [UInt8]) throws(FormatError) { try self.init(ByteRange(bytes)) }

  init(_ bytes: ByteRange) throws(FormatError) {
    self.bytes = bytes
    self.entries = try ZipDirectory(bytes).entries
    var positions: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard positions.updateValue(index, forKey: entry.name) == nil else {
        throw bytes.error(.corrupt, "the archive has two entries '\(entry.name)'").at(node: entry.name)
      }
    }
    self.positions = positions
  }

  /// Whether the bytes begin like a zip archive.
  static func matches(_ bytes: ByteRange) -> Bool { bytes.integer(0, as: UInt32.self) == 0x0403_4b50 }

  /// The entry with that name, or nil.
  public func entry(_ name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// The decompressed bytes of an entry, with verified checksum.
  public func extract(_ name: String) throws(FormatError) -> [UInt8] { try contents(of: name).array }

  /// Extracts an entry to the file at `path`; an existing file is replaced as a whole.
  public func extract(_ name: String, to path: String) throws(FormatError) {
    let contents = try contents(of: name)
    var chunks = ByteChunks()
    chunks.append(Tensor(elementType: .uint8, shape: [contents.count], storage: contents.storage))
    try AtomicFile.write(chunks, to: path)
  }

  /// The decompressed bytes of an entry; if it is stored uncompressed, a range of the archive.
  package func contents(of name: String) throws(FormatError) -> ByteRange {
    guard let entry = entry(name) else {
      throw FormatError(.missing, "the archive has no entry '\(name)'", file: bytes.file, node: name)
    }
    guard !entry.isEncrypted else { throw error(entry, .unsupported, "the entry is encrypted") }
    guard let packed = bytes.slice(entry.data.lowerBound, entry.data.count) else {
      throw error(entry, .truncated, "the entry reaches beyond the end")
    }
    let contents: ByteRange
    switch entry.method {
    case 0:
      guard entry.size == entry.compressedSize else {
        throw error(entry, .corrupt, "the entry has two sizes")
      }
      contents = packed
    case 8:
      try checkRatio(entry)
      do {
        contents = try Inflate.bytes(packed, count: entry.size)
      } catch { throw error.at(node: name) }
    default: throw error(entry, .unsupported, "compression method \(entry.method) is not supported")
    }
    guard Inflate.checksum(contents) == entry.checksum else {
      throw error(entry, .corrupt, "the checksum of the entry is wrong", remedy: "fetch the file again")
    }
    return contents
  }

  /// Throws for entries that would expand enormously, before anything is allocated.
  private func checkRatio(_ entry: Entry) throws(FormatError) {
    // Deflate compresses at most 1032 to 1, and large weights never come near that ratio.
    let possible = entry.size / 1032 <= entry.compressedSize
    let plausible = entry.size <= 16 << 20 || entry.size / 100 <= entry.compressedSize
    guard possible, plausible else {
      throw error(
        entry, .tooLarge, "\(entry.compressedSize) bytes claim to unpack to \(entry.size)",
        remedy: "if the archive can be trusted, unpack it by other means")
    }
  }

  private func error(_ entry: Entry, _ kind: FormatError.Kind, _ message: String, remedy: String? = nil)
    -> FormatError
  {
    bytes.error(kind, message, at: entry.data.lowerBound, remedy: remedy).at(node: entry.name)
  }
}
