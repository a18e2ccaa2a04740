import VisionModel
import VisionSystem
import VisionTensor

/// A file of features by the hash of the image's file, written once and never changed.
///
/// Layout, little-endian: `VNFEAT01`, E and n as 32-bit numbers; n entries of hash (32 bytes) and check (8
/// bytes), sorted by hash; SHA-256 of all preceding bytes; n rows of E floats. A row's check is the first 8
/// bytes of the SHA-256 of hash and row, so that a few rows of a large pack can be verified without reading
/// the others.
final class FeaturePack {
  let path: String
  /// Positions of the rows by hash.
  private(set) var rows: [ContentHash: Int] = [:]

  private let columns: Int
  private var checks: [UInt64] = []
  private let descriptor: Int32
  private let start: Int

  private static let magic = Array("VNFEAT01".utf8)
  private static let entryByteCount = ContentHash.byteCount + 8

  /// Nil when the file is not a complete pack with rows of `columns` numbers.
  init?(_ path: String, columns: Int) {
    self.path = path
    self.columns = columns
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0, let head = Self.read(descriptor, 16, at: 0),
      Array(head.prefix(8)) == Self.magic, Self.number(head, 8) == columns
    else {
      start = 0
      return nil
    }
    let count = Self.number(head, 12)
    let indexByteCount = 16 + count * Self.entryByteCount
    start = indexByteCount + ContentHash.byteCount
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == start + count * columns * 4,
      let index = Self.read(descriptor, start, at: 0)
    else { return nil }
    let isSound = index.withUnsafeBytes { bytes in
      ContentHash(of: UnsafeRawBufferPointer(rebasing: bytes[..<indexByteCount]))
        == ContentHash(stored: UnsafeRawBufferPointer(rebasing: bytes[indexByteCount...]))
    }
    guard isSound else { return nil }
    index.withUnsafeBytes { bytes in
      for row in 0..<count {
        let entry = 16 + row * Self.entryByteCount
        let hash = ContentHash(
          stored: UnsafeRawBufferPointer(rebasing: bytes[entry..<entry + ContentHash.byteCount]))
        rows[hash] = row
        checks.append(
          UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: entry + ContentHash.byteCount, as: UInt64.self))
        )
      }
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads the row of `hash`; false when the pack has no such row or the row is damaged.
  func read(_ hash: ContentHash, into target: UnsafeMutableBufferPointer<Float>) -> Bool {
    guard let row = rows[hash], target.count == columns,
      let bytes = Self.read(descriptor, columns * 4, at: start + row * columns * 4)
    else { return false }
    UnsafeMutableRawBufferPointer(target).copyBytes(from: bytes)
    return Self.check(hash, UnsafeBufferPointer(target)) == checks[row]
  }

  /// Writes a pack of rows to `folder` as a whole; its name is derived from its contents.
  static func write(
    _ entries: [(hash: ContentHash, row: [Float])], columns: Int, to folder: String
  ) throws(FormatError) {
    let sorted = entries.sorted { $0.hash < $1.hash }
    var index = magic + little(UInt32(columns)) + little(UInt32(sorted.count))
    for entry in sorted {
      index += entry.hash.bytes
      index += little(entry.row.withUnsafeBufferPointer { check(entry.hash, $0) })
    }
    let seal = ContentHash(of: index)
    var bytes = index + seal.bytes
    bytes.reserveCapacity(bytes.count + sorted.count * columns * 4)
    for entry in sorted { entry.row.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    try AtomicFile.write(bytes, to: "\(folder)/\(seal.hexadecimal.prefix(24)).features")
  }

  private static func check(_ hash: ContentHash, _ row: UnsafeBufferPointer<Float>) -> UInt64 {
    hash.bytes.withUnsafeBytes { ContentHash(of: $0, UnsafeRawBufferPointer(row)).words.0 }
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private static func read(_ descriptor: Int32, _ count: Int, at offset: Int) -> [UInt8]? {
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while done < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + done, count - done, off_t(offset + done))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        done += got
      }
      initialized = done
    }
    return done == count ? bytes : nil
  }
}
