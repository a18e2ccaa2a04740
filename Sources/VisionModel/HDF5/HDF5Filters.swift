import VisionSystem
import VisionTensor

/// What was done to chunks before they were written.
struct HDF5Filters {
  private enum Filter: Int {
    case deflate = 1
    case shuffle = 2
    case checksum = 3
  }

  private let filters: [Filter]

  static let none = HDF5Filters(filters: [])

  /// Whether chunks are smaller in the file.
  var isPacked: Bool { filters.contains(.deflate) }

  private init(filters: [Filter]) { self.filters = filters }

  init(_ bytes: ByteRange) throws(FormatError) {
    var cursor = HDF5Cursor(bytes)
    let version = try cursor.byte()
    guard version == 1 || version == 2 else {
      throw bytes.error(.unsupported, "version \(version) of filters is not supported")
    }
    let count = try cursor.byte()
    if version == 1 { try cursor.skip(6) }
    var filters: [Filter] = []
    for _ in 0..<count {
      let code = try cursor.short()
      let name = version == 1 || code >= 256 ? try cursor.short() : 0
      try cursor.skip(2)
      let values = try cursor.short()
      try cursor.skip(version == 1 ? (name + 7) / 8 * 8 : name)
      try cursor.skip(4 * values + (version == 1 && values % 2 == 1 ? 4 : 0))
      guard let filter = Filter(rawValue: code) else {
        throw bytes.error(
          .unsupported, "data packed by filter \(code) are not supported",
          remedy: "write them with gzip, or unpacked")
      }
      filters.append(filter)
    }
    guard filters.filter({ $0 == .deflate }).count <= 1 else {
      throw bytes.error(.unsupported, "data that are packed twice are not supported")
    }
    self.filters = filters
  }

  /// The `count` bytes that a chunk was made of.
  ///
  /// - Parameter mask: bits of filters that were left out.
  func decoded(_ chunk: ByteRange, skipping mask: Int, count: Int, element: Int) throws(FormatError)
    -> ByteRange
  {
    var bytes = chunk
    for (index, filter) in filters.enumerated().reversed() where index >= 32 || mask >> index & 1 == 0 {
      switch filter {
      case .deflate:
        // What was packed has a checksum behind it, if that came first.
        let inner = filters[..<index].contains(.checksum) ? count + 4 : count
        bytes = try Inflate.zlib(bytes, count: inner)
      case .checksum:
        guard let data = bytes.slice(0, bytes.count - 4),
          bytes.integer(bytes.count - 4, as: UInt32.self) == Self.fletcher(data)
        else { throw bytes.error(.corrupt, "a chunk's checksum is wrong") }
        bytes = data
      case .shuffle: bytes = Self.unshuffled(bytes, element)
      }
    }
    guard bytes.count == count else {
      throw chunk.error(.corrupt, "a chunk has \(bytes.count) bytes, not \(count)")
    }
    return bytes
  }

  /// First bytes of all elements stand first, then all second ones, and so on.
  private static func unshuffled(_ bytes: ByteRange, _ element: Int) -> ByteRange {
    guard element > 1 else { return bytes }
    let count = bytes.count / element
    return bytes.withUnsafeBytes { source in
      var result = Array(source)
      for place in 0..<count {
        for byte in 0..<element { result[place * element + byte] = source[byte * count + place] }
      }
      return ByteRange(result, file: bytes.file)
    }
  }

  /// Fletcher's checksum over words of 16 bits, high bytes first, as HDF5 computes it.
  private static func fletcher(_ bytes: ByteRange) -> UInt32 {
    bytes.withUnsafeBytes { bytes in
      var (a, b): (UInt32, UInt32) = (0, 0)
      for index in stride(from: 0, to: bytes.count - 1, by: 2) {
        a = (a + (UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1]))) % 65535
        b = (b + a) % 65535
      }
      if bytes.count % 2 == 1 {
        a = (a + UInt32(bytes[bytes.count - 1]) << 8) % 65535
        b = (b + a) % 65535
      }
      return b << 16 | a
    }
  }
}
