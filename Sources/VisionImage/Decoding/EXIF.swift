import VisionSystem
import VisionTensor

/// The orientation in EXIF data. Invalid data is treated as absent, with `problem` set.
struct EXIF {
  /// The orientation; nil if it is absent or invalid.
  private(set) var orientation: Orientation?
  /// Whether the data has an orientation, valid or not.
  private(set) var namesOrientation = false
  /// What is invalid, for a warning.
  private(set) var problem: String?

  private static let orientationTag = 0x0112

  init(problem: String) { self.problem = problem }

  /// The orientation of a TIFF file, which is a tag of the file's own directory.
  init(orientation value: Int?) {
    namesOrientation = true
    take(value)
  }

  /// Reads the TIFF structure in `bytes`, optionally after the prefix `Exif` and two zeros.
  init(_ bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    if reader.has("Exif", at: 0), reader.word(4) == 0, let rest = reader.slice(6..<bytes.count) {
      reader = ByteReader(rest)
    }
    if reader.has("II", at: 0) {
      reader.isLittleEndian = true
    } else if !reader.has("MM", at: 0) {
      problem = "it does not begin as a TIFF structure"
      return
    }
    guard reader.word(2) == 42, let directory = reader.long(4), let entries = reader.word(directory) else {
      problem = "its directory is not where it says"
      return
    }
    for entry in 0..<entries {
      let offset = directory + 2 + entry * 12
      guard let tag = reader.word(offset) else {
        problem = "its directory of \(entries) entries is cut short"
        return
      }
      guard tag == Self.orientationTag else { continue }
      read(reader, offset)
      return
    }
  }

  private mutating func read(_ reader: ByteReader, _ offset: Int) {
    namesOrientation = true
    guard let type = reader.word(offset + 2), reader.long(offset + 4) == 1 else {
      problem = "its orientation is not one number"
      return
    }
    let value: Int? =
      switch type {
      case 1: reader.byte(offset + 8)
      case 3: reader.word(offset + 8)
      case 4: reader.long(offset + 8)
      default: nil
      }
    take(value)
  }

  private mutating func take(_ value: Int?) {
    orientation = value.flatMap(Orientation.init(rawValue:))
    if orientation == nil {
      problem = "its orientation is \(value.map { "\($0)" } ?? "no number"), not 1 to 8"
    }
  }
}
