import VisionSystem
import VisionTensor

/// The orientation in XMP, which is RDF in XML: an attribute or an element of the TIFF schema.
struct XMP {
  /// The orientation; nil if it is absent or invalid.
  private(set) var orientation: Orientation?

  /// The most bytes that are searched.
  private static let maximumBytes = 1 << 20

  /// The prefix of the segment in a JPEG, including the zero.
  static let signature: StaticString = "http://ns.adobe.com/xap/1.0/\0"
  /// The keyword in a PNG, including the zero.
  static let keyword: StaticString = "XML:com.adobe.xmp\0"

  /// Finds `tiff:Orientation="6"` or `<tiff:Orientation>6</tiff:Orientation>`, with whitespace where XML
  /// allows it. The first one is used, as in Pillow.
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
