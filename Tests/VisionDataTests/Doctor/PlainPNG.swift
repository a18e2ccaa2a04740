import Foundation

/// PNG files written by hand, uncompressed: of kinds that the encoder does not write.
enum PlainPNG {
  /// - Parameters:
  ///   - color: the color type.
  ///   - rows: the samples of each row as PNG stores them.
  ///   - chunks: chunks before the pixels.
  static func bytes(
    width: Int, height: Int, depth: UInt8, color: UInt8, rows: [[UInt8]], chunks: [(String, [UInt8])] = []
  ) -> [UInt8] {
    let raw: [UInt8] = rows.flatMap { (row: [UInt8]) -> [UInt8] in [0] + row }
    var packed: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65535, raw.count)
      let length = end - start
      let low = [UInt8(length & 255), UInt8(length >> 8)]
      packed.append(end == raw.count ? 1 : 0)
      packed += low
      packed += low.map { ~$0 }
      packed += raw[start..<end]
      start = end
    } while start < raw.count
    packed += big(adler(raw))
    var result: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    result += header(width, height, depth: depth, color: color)
    for item in chunks { result += chunk(item.0, item.1) }
    return result + chunk("IDAT", packed) + chunk("IEND", [])
  }

  /// The chunk that says what the pixels are.
  static func header(_ width: Int, _ height: Int, depth: UInt8 = 8, color: UInt8 = 2) -> [UInt8] {
    var data = big(UInt32(width)) + big(UInt32(height))
    data += [depth, color, 0, 0, 0]
    return chunk("IHDR", data)
  }

  /// A chunk put behind the header of a PNG.
  static func inserting(_ name: String, _ data: [UInt8], into png: [UInt8]) -> [UInt8] {
    Array(png[..<33]) + chunk(name, data) + Array(png[33...])
  }

  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(UInt32(data.count)) + body + big(checksum(body))
  }

  static func big(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * $0) & 255) } }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }
}
