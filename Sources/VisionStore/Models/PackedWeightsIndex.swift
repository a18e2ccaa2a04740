import VisionModel
import VisionSystem
import VisionTensor

/// The index of cached weights: the files that determine them, the stamp of the weights' file, and the
/// position of each key's weights in it.
struct PackedWeightsIndex: Hashable {
  /// A file that determines the weights, with its stamp.
  struct Source: Hashable {
    let path: String
    let stamp: FileStamp
  }

  let sources: [Source]
  let weights: FileStamp
  let ranges: [String: Range<Int>]

  /// The maximum size in bytes, far more than any network needs.
  static let largestByteCount = 16 << 20
  private static let magic = Array("VisionNet packed weights 1\n".utf8)
  private static let digestCount = 64

  init(sources: [Source], weights: FileStamp, ranges: [String: Range<Int>]) {
    (self.sources, self.weights, self.ranges) = (sources, weights, ranges)
  }

  /// The index as a file; the last 64 bytes are the SHA-256 of all bytes before.
  var bytes: [UInt8] {
    var chunks = ByteChunks()
    func append(_ text: String) {
      chunks.append(littleEndian: UInt32(text.utf8.count))
      chunks.append(text.utf8)
    }
    func append(_ stamp: FileStamp) {
      chunks.append(littleEndian: Int64(stamp.byteCount))
      chunks.append(littleEndian: stamp.inode)
      chunks.append(littleEndian: Int64(stamp.changed))
    }
    chunks.append(Self.magic)
    append(weights)
    chunks.append(littleEndian: UInt32(sources.count))
    for source in sources {
      append(source.path)
      append(source.stamp)
    }
    chunks.append(littleEndian: UInt32(ranges.count))
    for (key, range) in ranges.sorted(by: { $0.key < $1.key }) {
      append(key)
      chunks.append(littleEndian: Int64(range.lowerBound))
      chunks.append(littleEndian: Int64(range.count))
    }
    let contents = chunks.array
    return contents + Array(ContentHash(of: contents).hexadecimal.utf8)
  }

  /// Nil for bytes that are not a complete index.
  init?(_ bytes: ByteRange) {
    let count = bytes.count - Self.digestCount
    guard count >= Self.magic.count, let contents = bytes.slice(0, count),
      let digest = bytes.slice(count, Self.digestCount),
      contents.slice(0, Self.magic.count)?.array == Self.magic,
      contents.withUnsafeBytes({ ContentHash(of: $0).hexadecimal }) == digest.string
    else { return nil }
    var reader = Reader(bytes: contents, next: Self.magic.count)
    guard let weights = reader.stamp(), let sourceCount = reader.count() else { return nil }
    var sources: [Source] = []
    for _ in 0..<sourceCount {
      guard let path = reader.text(), let stamp = reader.stamp() else { return nil }
      sources.append(Source(path: path, stamp: stamp))
    }
    guard let rangeCount = reader.count() else { return nil }
    var ranges: [String: Range<Int>] = [:]
    for _ in 0..<rangeCount {
      guard let key = reader.text(), let start = reader.integer(), let count = reader.integer(), start >= 0,
        count >= 0, start <= weights.byteCount, count <= weights.byteCount - start
      else { return nil }
      ranges[key] = start..<(start + count)
    }
    self.init(sources: sources, weights: weights, ranges: ranges)
  }

  private struct Reader {
    let bytes: ByteRange
    var next: Int

    private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number? {
      guard let value = bytes.integer(next, as: Number.self) else { return nil }
      next += MemoryLayout<Number>.size
      return value
    }

    mutating func integer() -> Int? { number(Int64.self).map { Int($0) } }

    mutating func count() -> Int? { number(UInt32.self).map { Int($0) } }

    mutating func text() -> String? {
      guard let length = count(), let range = bytes.slice(next, length) else { return nil }
      next += length
      return range.string
    }

    mutating func stamp() -> FileStamp? {
      guard let byteCount = integer(), let inode = number(UInt64.self), let changed = integer() else {
        return nil
      }
      return FileStamp(byteCount: byteCount, inode: inode, changed: changed)
    }
  }
}
