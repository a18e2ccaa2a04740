import CZlib
import VisionSystem
import VisionTensor

/// Checked calls into zlib.
enum Inflate {
  /// The decompressed form of raw deflate data, which must have exactly `count` bytes.
  ///
  /// - Throws: `FormatError` when the data is corrupt or gives more or fewer bytes; never allocates more than
  ///   `count` bytes.
  static func bytes(_ source: ByteRange, count: Int) throws(FormatError) -> ByteRange {
    var isExact = false
    let storage = TensorStorage(byteCount: count) { target in
      source.withUnsafeBytes { isExact = inflate($0, into: target) }
    }
    guard isExact else { throw source.error(.corrupt, "the compressed data does not give \(count) bytes") }
    return ByteRange(storage, file: source.file)
  }

  /// The decompressed form of a zlib stream (RFC 1950), which must have exactly `count` bytes.
  ///
  /// - Throws: `FormatError`, as `bytes`, and when the checksum is wrong.
  static func zlib(_ source: ByteRange, count: Int) throws(FormatError) -> ByteRange {
    // Method deflate, no dictionary, and a head that is a multiple of 31.
    guard let (first, second) = source[0].flatMap({ first in source[1].map { (Int(first), Int($0)) } }),
      first & 15 == 8, second & 0x20 == 0, (first << 8 | second) % 31 == 0,
      let packed = source.slice(2, source.count - 6)
    else { throw source.error(.corrupt, "the compressed data have no head of zlib's") }
    let result = try bytes(packed, count: count)
    var sum = adler32(0, nil, 0)
    result.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
        let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)])
        sum = adler32(sum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), uInt(part.count))
      }
    }
    guard source.integer(source.count - 4, as: UInt32.self)?.byteSwapped == UInt32(truncatingIfNeeded: sum)
    else {
      throw source.error(.corrupt, "the checksum of compressed data is wrong")
    }
    return result
  }

  /// The CRC-32 of bytes.
  static func checksum(_ source: ByteRange) -> UInt32 {
    source.withUnsafeBytes { UInt32(truncatingIfNeeded: checksum(after: 0, $0)) }
  }

  /// The CRC-32 of bytes in chunks.
  static func checksum(_ source: ByteChunks) -> UInt32 {
    let sum = source.chunks.reduce(uLong(0)) { sum, chunk in
      switch chunk {
      case .bytes(let bytes): bytes.withUnsafeBytes { checksum(after: sum, $0) }
      case .tensor(let tensor): tensor.withUnsafeBytes { checksum(after: sum, $0) }
      }
    }
    return UInt32(truncatingIfNeeded: sum)
  }

  private static func checksum(after sum: uLong, _ bytes: UnsafeRawBufferPointer) -> uLong {
    var sum = sum
    var position = 0
    while position < bytes.count {
      let count = min(bytes.count - position, 1 << 30)
      sum = crc32(
        sum, bytes.baseAddress?.advanced(by: position).assumingMemoryBound(to: UInt8.self), uInt(count))
      position += count
    }
    return sum
  }

  private static func inflate(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer)
    -> Bool
  {
    var stream = z_stream()
    // Negative window bits: no zlib header.
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return false
    }
    defer { inflateEnd(&stream) }
    let limit = 1 << 30
    var spare: UInt8 = 0
    var (read, written) = (0, 0)
    while true {
      let input = min(source.count - read, limit)
      let output = min(target.count - written, limit)
      stream.next_in = UnsafeMutablePointer(
        mutating: source.baseAddress?.advanced(by: read).assumingMemoryBound(to: UInt8.self))
      stream.avail_in = uInt(input)
      var status: Int32
      if output > 0 {
        stream.next_out = target.baseAddress?.advanced(by: written).assumingMemoryBound(to: UInt8.self)
        stream.avail_out = uInt(output)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        written += output - Int(stream.avail_out)
      } else {
        // The target is full; one spare byte shows whether the data continues.
        status = withUnsafeMutablePointer(to: &spare) { pointer in
          stream.next_out = pointer
          stream.avail_out = 1
          return CZlib.inflate(&stream, Z_NO_FLUSH)
        }
        if stream.avail_out == 0 { return false }
      }
      let consumed = input - Int(stream.avail_in)
      read += consumed
      if status == Z_STREAM_END { return written == target.count && read == source.count }
      guard status == Z_OK, consumed > 0 || stream.avail_out == 0 else { return false }
    }
  }
}
