/// The one thing wanted from EXIF: the orientation. What is broken or out of range is as if it were absent.
enum EXIF {
  private static let orientationTag = 0x0112

  /// The orientation in the TIFF structure `bytes`, which may follow the prefix `Exif` and two zeros.
  static func orientation(_ bytes: UnsafeRawBufferPointer) -> Orientation? {
    var reader = ByteReader(bytes)
    if reader.has("Exif", at: 0), reader.word(4) == 0 {
      guard let rest = reader.slice(6..<bytes.count) else { return nil }
      reader = ByteReader(rest)
    }
    if reader.has("II", at: 0) {
      reader.isLittleEndian = true
    } else if !reader.has("MM", at: 0) {
      return nil
    }
    guard reader.word(2) == 42, let directory = reader.long(4), let entries = reader.word(directory) else {
      return nil
    }
    for entry in 0..<entries {
      let offset = directory + 2 + entry * 12
      guard let tag = reader.word(offset) else { return nil }
      guard tag == orientationTag else { continue }
      guard let type = reader.word(offset + 2), reader.long(offset + 4) == 1 else { return nil }
      let value: Int? =
        switch type {
        case 1: reader.byte(offset + 8)
        case 3: reader.word(offset + 8)
        case 4: reader.long(offset + 8)
        default: nil
        }
      return value.flatMap(Orientation.init(rawValue:))
    }
    return nil
  }
}
