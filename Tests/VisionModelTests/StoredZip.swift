@testable import VisionModel

/// Zip archives of entries that are not compressed.
enum StoredZip {
  static func bytes(_ entries: [(name: String, contents: [UInt8])]) -> [UInt8] {
    var file: [UInt8] = [], directory: [UInt8] = []
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    for (name, contents) in entries {
      let sum = Int(Inflate.checksum(ByteRange(contents)))
      // Version, flags, method, time, date; then checksum, sizes and lengths.
      let common =
        number(20, 2) + number(0, 8) + number(sum, 4) + number(contents.count, 4) + number(contents.count, 4)
        + number(name.utf8.count, 2) + number(0, 2)
      directory +=
        [0x50, 0x4B, 1, 2] + number(20, 2) + common + number(0, 2) + number(0, 2) + number(0, 2)
        + number(0, 4)
        + number(file.count, 4) + Array(name.utf8)
      file += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + contents
    }
    let end =
      [0x50, 0x4B, 5, 6] + number(0, 4) + number(entries.count, 2) + number(entries.count, 2)
      + number(directory.count, 4) + number(file.count, 4) + number(0, 2)
    return file + directory + end
  }
}
