import VisionSystem
import VisionTensor

/// The one thing wanted from XMP, which is RDF as XML: the orientation, as attribute or as element of the TIFF schema.
struct XMP {
  /// Nil where there is none, or none that makes sense.
  private(set) var orientation: Orientation?

  /// The most bytes that are looked through.
  private static let maximumBytes = 1 << 20

  /// The segment's prefix in a JPEG, with its zero.
  static let signature: StaticString = "http://ns.adobe.com/xap/1.0/\0"
  /// The keyword in a PNG, with its zero.
  static let keyword: StaticString = "XML:com.adobe.xmp\0"

  /// Finds `tiff:Orientation="6"` and `<tiff:Orientation>6</tiff:Orientation>`, with blanks as XML allows them; the
  /// first one counts, as for Pillow.
  init(_ bytes: UnsafeRawBufferPointer) {
    let reader = ByteReader(bytes)
    let name: StaticString = "tiff:Orientation"
    let end = min(bytes.count, Self.maximumBytes)
    var offset = 0
    while offset < end {
      guard bytes[offset] == name.utf8Start[0], reader.has(name, at: offset) else {
        offset += 1
        continue
      }
      offset += name.utf8CodeUnitCount
      guard let digit = Self.value(reader, offset) else { continue }
      orientation = Orientation(rawValue: digit)
      return
    }
  }

  private static func value(_ reader: ByteReader, _ start: Int) -> Int? {
    var offset = start
    func skipBlanks() {
      while let byte = reader.byte(offset), [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
    }
    skipBlanks()
    if reader.byte(offset) == Int(UInt8(ascii: "=")) {
      offset += 1
      skipBlanks()
      guard let quote = reader.byte(offset), [0x22, 0x27].contains(quote) else { return nil }
    } else if reader.byte(offset) != Int(UInt8(ascii: ">")) {
      return nil
    }
    offset += 1
    skipBlanks()
    guard let digit = reader.byte(offset), (0x30...0x39).contains(digit),
      let next = reader.byte(offset + 1), !(0x30...0x39).contains(next)
    else { return nil }
    return digit - 0x30
  }
}
