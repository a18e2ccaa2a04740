import VisionSystem

/// Writes zip archives whose entries are stored, not compressed; the bytes depend on names and contents alone.
///
/// Source: PKWARE APPNOTE 6.3.
struct ZipWriter {
  private var file = ByteChunks()
  private var directory = ByteChunks()
  private var count: UInt16 = 0

  /// Appends an entry.
  ///
  /// - Throws: `FormatError` when the archive would need the larger fields of zip64.
  mutating func add(_ name: String, _ contents: ByteChunks) throws(FormatError) {
    let offset = file.count
    guard let size = UInt32(exactly: contents.count), size < .max, offset + contents.count < 0xFFFF_FFFF,
      count < .max, let length = UInt16(exactly: name.utf8.count)
    else { throw FormatError(.tooLarge, "the archive would exceed 4 GiB or 65,535 entries", node: name) }
    var entry = ByteChunks()
    entry.append(littleEndian: UInt16(20))  // the version that is needed to read it
    entry.append(littleEndian: UInt16(1 << 11))  // names are UTF-8
    entry.append(littleEndian: UInt16(0))  // stored
    entry.append(littleEndian: UInt16(0))  // midnight
    entry.append(littleEndian: UInt16(1 << 5 | 1))  // January 1, 1980
    entry.append(littleEndian: Inflate.checksum(contents))
    entry.append(littleEndian: size)
    entry.append(littleEndian: size)
    entry.append(littleEndian: length)
    entry.append(littleEndian: UInt16(0))  // no extra field
    file.append(littleEndian: UInt32(0x0403_4B50))
    file.append(entry)
    file.append(name.utf8)
    file.append(contents)
    directory.append(littleEndian: UInt32(0x0201_4B50))
    directory.append(littleEndian: UInt16(20))
    directory.append(entry)
    directory.append([UInt8](repeating: 0, count: 10))  // no comment, first disk, no attributes
    directory.append(littleEndian: UInt32(offset))
    directory.append(name.utf8)
    count += 1
  }

  /// The whole file.
  var chunks: ByteChunks {
    var result = file
    result.append(directory)
    result.append(littleEndian: UInt32(0x0605_4B50))
    result.append(littleEndian: UInt32(0))  // one disk
    result.append(littleEndian: count)
    result.append(littleEndian: count)
    result.append(littleEndian: UInt32(clamping: directory.count))
    result.append(littleEndian: UInt32(clamping: file.count))
    result.append(littleEndian: UInt16(0))  // no comment
    return result
  }
}
