import VisionSystem
import VisionTensor

/// Files with one gzip member.
///
/// Source: RFC 1952.
package enum Gzip {
  /// The decompressed bytes, with verified length and CRC-32.
  ///
  /// - Parameter limit: the maximum decompressed size in bytes; nothing is allocated for a file that declares
  ///   more.
  /// - Throws: `FormatError` for a file that is not gzip, truncated, damaged, or larger than the limit.
  package static func unpack(_ file: ByteRange, limit: Int) throws(FormatError) -> ByteRange {
    let start = try headerLength(file)
    guard let checksum = file.integer(file.count - 8, as: UInt32.self),
      let length = file.integer(file.count - 4, as: UInt32.self),
      let packed = file.slice(start, file.count - 8 - start)
    else { throw file.error(.truncated, "the file ends before its gzip trailer") }
    let count = Int(length)
    // Deflate compresses at most 1032 to 1.
    guard count <= limit, count / 1032 <= packed.count else {
      throw file.error(.tooLarge, "\(packed.count) bytes claim to unpack to \(count)")
    }
    let contents = try Inflate.bytes(packed, count: count)
    guard Inflate.checksum(contents) == checksum else {
      throw file.error(.corrupt, "the checksum of the gzip file is wrong", remedy: "fetch the file again")
    }
    return contents
  }

  /// The number of bytes before the compressed data.
  private static func headerLength(_ file: ByteRange) throws(FormatError) -> Int {
    guard file[0] == 0x1f, file[1] == 0x8b else { throw file.error(.corrupt, "the file is no gzip") }
    guard file[2] == 8, let flags = file[3], flags & 0xe0 == 0 else {
      throw file.error(.unsupported, "a kind of gzip that is not supported", at: 2)
    }
    var position = 10
    if flags & 4 != 0 {
      guard let extra = file.integer(position, as: UInt16.self) else {
        throw file.error(.truncated, "the gzip header is cut short")
      }
      position += 2 + Int(extra)
    }
    // The original name and the comment, which end with a zero byte.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while let byte = file[position], byte != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 { position += 2 }
    return position
  }
}
