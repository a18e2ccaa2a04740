import VisionSystem
import VisionTensor

/// Reads and checks the directory at the end of a zip archive.
struct ZipDirectory {
  private let bytes: ByteRange
  private(set) var entries: [ZipArchive.Entry] = []

  init(_ bytes: ByteRange) throws(FormatError) {
    self.bytes = bytes
    let (count, size, offset) = try findDirectory()
    guard let directory = bytes.slice(offset, size) else {
      throw bytes.error(.truncated, "the zip directory reaches beyond the end", at: bytes.count)
    }
    // An entry takes at least 46 bytes, so the file size bounds the loop.
    guard count <= size / 46, count <= 1 << 20 else {
      throw directory.error(.corrupt, "the zip directory claims \(count) entries in \(size) bytes")
    }
    var position = 0
    var starts: [(start: Int, end: Int, name: String)] = []
    for _ in 0..<count {
      let (entry, next, start) = try readEntry(directory, position)
      position = next
      guard entry.data.upperBound <= offset else {
        throw directory.error(.corrupt, "an entry reaches into the zip directory").at(node: entry.name)
      }
      starts.append((start, entry.data.upperBound, entry.name))
      if !entry.name.hasSuffix("/") { entries.append(entry) }
    }
    starts.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    for (a, b) in zip(starts, starts.dropFirst()) where b.start < a.end {
      throw bytes.error(.corrupt, "the zip entries '\(a.name)' and '\(b.name)' overlap", at: b.start)
    }
  }

  private func findDirectory() throws(FormatError) -> (count: Int, size: Int, offset: Int) {
    var end = bytes.count - 22
    let limit = max(end - 0xFFFF, 0)
    while end >= limit, end >= 0 {
      if bytes.integer(end, as: UInt32.self) == 0x0605_4b50,
        end + 22 + Int(bytes.integer(end + 20, as: UInt16.self) ?? 0) == bytes.count
      {
        break
      }
      end -= 1
    }
    guard end >= limit, end >= 0, let count = bytes.integer(end + 10, as: UInt16.self),
      let size = bytes.integer(end + 12, as: UInt32.self),
      let offset = bytes.integer(end + 16, as: UInt32.self)
    else {
      throw bytes.error(
        .truncated, "this is no zip archive, or its end is missing", at: max(bytes.count, 0),
        remedy: "fetch the file again")
    }
    guard count == .max || size == .max || offset == .max else { return (Int(count), Int(size), Int(offset)) }
    guard let position = bytes.integer(end - 16, as: UInt64.self).flatMap({ Int(exactly: $0) }),
      bytes.integer(end - 20, as: UInt32.self) == 0x0706_4b50,
      position <= end - 56, bytes.integer(position, as: UInt32.self) == 0x0606_4b50,
      let count = number(position + 32), let size = number(position + 40), let offset = number(position + 48)
    else {
      // Without zip64 records, the largest numbers are ordinary values.
      return (Int(count), Int(size), Int(offset))
    }
    return (count, size, offset)
  }

  private func number(_ index: Int) -> Int? {
    bytes.integer(index, as: UInt64.self).flatMap { Int(exactly: $0) }
  }

  private func readEntry(_ directory: ByteRange, _ start: Int) throws(FormatError) -> (
    entry: ZipArchive.Entry, next: Int, start: Int
  ) {
    func short(_ offset: Int) -> Int { Int(directory.integer(start + offset, as: UInt16.self) ?? 0) }
    func long(_ offset: Int) -> Int { Int(directory.integer(start + offset, as: UInt32.self) ?? 0) }
    guard directory.integer(start, as: UInt32.self) == 0x0201_4b50, directory.count - start >= 46 else {
      throw directory.error(.corrupt, "is no entry of a zip directory", at: start)
    }
    let (nameCount, extraCount, commentCount) = (short(28), short(30), short(32))
    guard let nameBytes = directory.slice(start + 46, nameCount),
      let extra = directory.slice(start + 46 + nameCount, extraCount),
      directory.slice(start + 46 + nameCount + extraCount, commentCount) != nil
    else { throw directory.error(.truncated, "an entry of the zip directory is cut off", at: start) }
    guard let name = nameBytes.string, Self.isSafe(name) else {
      throw nameBytes.error(.corrupt, "an entry of the zip archive has an unsafe name")
    }
    var wide = Self.wideNumbers(extra)
    func widened(_ offset: Int) throws(FormatError) -> Int {
      let narrow = long(offset)
      guard narrow == Int(UInt32.max) else { return narrow }
      guard !wide.isEmpty, let value = Int(exactly: wide.removeFirst()) else {
        throw directory.error(.corrupt, "a 64-bit size is missing", at: start).at(node: name)
      }
      return value
    }
    let size = try widened(24)
    let compressed = try widened(20)
    let offset = try widened(42)
    guard bytes.integer(offset, as: UInt32.self) == 0x0403_4b50,
      let localName = bytes.integer(offset + 26, as: UInt16.self),
      let localExtra = bytes.integer(offset + 28, as: UInt16.self),
      let copy = bytes.slice(offset + 30, Int(localName)), copy.array == nameBytes.array,
      let data = bytes.slice(offset + 30 + Int(localName) + Int(localExtra), compressed)
    else {
      throw directory.error(.corrupt, "the entry is not where the zip directory says", at: start).at(
        node: name)
    }
    let begin = offset + 30 + Int(localName) + Int(localExtra)
    let entry = ZipArchive.Entry(
      name: name, size: size, compressedSize: compressed, checksum: UInt32(long(16)), method: short(10),
      isEncrypted: short(8) & 1 != 0, data: begin..<(begin + data.count))
    return (entry, start + 46 + nameCount + extraCount + commentCount, offset)
  }

  /// The numbers in the zip64 extra field.
  private static func wideNumbers(_ extra: ByteRange) -> [UInt64] {
    var position = 0
    while let id = extra.integer(position, as: UInt16.self),
      let size = extra.integer(position + 2, as: UInt16.self)
    {
      guard let field = extra.slice(position + 4, Int(size)) else { return [] }
      if id == 1 {
        return stride(from: 0, through: field.count - 8, by: 8).compactMap {
          field.integer($0, as: UInt64.self)
        }
      }
      position += 4 + Int(size)
    }
    return []
  }

  /// Compares bytes: as a character, a slash with a combining accent would not be a slash.
  private static func isSafe(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, first != UInt8(ascii: "/"), !bytes.contains(UInt8(ascii: "\\")),
      !bytes.contains(0)
    else { return false }
    return !bytes.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
  }
}
