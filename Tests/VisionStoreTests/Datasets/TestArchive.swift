/// Archives whose entries are stored as they are.
enum TestArchive {
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 1 << 16)
    let length = UInt16(bytes.count)
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(length) + little(~length) + bytes
      + little(checksum(bytes)) + little(UInt32(bytes.count))
  }

  static func zip(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in entries {
      let common: [UInt8] =
        [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x50] + little(checksum(bytes)) + little(UInt32(bytes.count))
        + little(UInt32(bytes.count)) + little(UInt16(name.utf8.count)) + [0, 0]
      directory += [0x50, 0x4b, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      directory += little(UInt32(file.count)) + Array(name.utf8)
      file += [0x50, 0x4b, 3, 4] + common + Array(name.utf8) + bytes
    }
    let count = little(UInt16(entries.count))
    return file + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count
      + little(UInt32(directory.count)) + little(UInt32(file.count)) + [0, 0]
  }

  /// An IDX array of bytes.
  static func array(_ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { little(UInt32($0)).reversed() } + elements
  }

  private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
