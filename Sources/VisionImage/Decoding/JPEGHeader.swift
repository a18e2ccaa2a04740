/// The segments of a JPEG before its first scan (ITU-T T.81, annex B).
struct JPEGHeader {
  let info: ImageInfo
  let components: Int

  private struct Frame {
    var marker: Int
    var precision: Int
    var height: Int
    var width: Int
    var components: Int
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    let reader = ByteReader(bytes)
    var frame: Frame?
    var metadata = Metadata()
    var adobeTransform: Int?
    var offset = 2
    segments: while true {
      // As in libjpeg, bytes that are not a marker are skipped, and fill bytes may precede markers.
      while let byte = reader.byte(offset), byte != 0xff { offset += 1 }
      while let byte = reader.byte(offset), byte == 0xff { offset += 1 }
      guard let marker = reader.byte(offset) else { throw Self.truncated }
      offset += 1
      switch marker {
      case 0x00, 0x01, 0xd0...0xd7: continue
      case 0xd8: throw ImageError(.corrupt, "the JPEG starts twice")
      case 0xd9: throw ImageError(.corrupt, "the JPEG holds no image")
      default: break
      }
      guard let length = reader.word(offset) else { throw Self.truncated }
      guard length >= 2 else { throw ImageError(.corrupt, "a JPEG segment is shorter than its length field") }
      guard let segment = reader.slice(offset + 2..<offset + max(length, 2)) else { throw Self.truncated }
      let body = ByteReader(segment)
      switch marker {
      case 0xda: break segments
      case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf, 0xf7:
        guard frame == nil else { throw ImageError(.corrupt, "the JPEG has two frame headers") }
        guard let precision = body.byte(0), let height = body.word(1), let width = body.word(3),
          let components = body.byte(5)
        else { throw ImageError(.corrupt, "the JPEG frame header is too short") }
        frame = Frame(
          marker: marker, precision: precision, height: height, width: width, components: components)
      case 0xe1 where metadata.exif?.orientation == nil && body.has("Exif", at: 0) && body.word(4) == 0:
        metadata.exif = EXIF(segment)
      case 0xe1 where body.has(XMP.signature, at: 0):
        // The last XMP segment is used, as in Pillow.
        metadata.xmp = XMP(segment).orientation
      case 0xee where segment.count >= 12 && body.has("Adobe", at: 0):
        adobeTransform = body.byte(11)
      default: break
      }
      offset += length
    }
    guard let frame else { throw ImageError(.corrupt, "the JPEG has a scan but no frame header") }
    try Self.check(frame)
    components = frame.components
    info = ImageInfo(
      format: .jpeg, width: frame.width, height: frame.height, bitDepth: frame.precision,
      colorModel: Self.colorModel(frame.components, adobeTransform),
      isInterlaced: frame.marker == 0xc2 || frame.marker == 0xca,
      isArithmetic: frame.marker == 0xc9 || frame.marker == 0xca, metadata: metadata)
  }

  private static var truncated: ImageError { ImageError(.truncated, "the JPEG ends inside its header") }

  private static func check(_ frame: Frame) throws(ImageError) {
    let kind: String? =
      switch frame.marker {
      case 0xc0, 0xc1, 0xc2, 0xc9, 0xca: nil
      case 0xc3, 0xcb: "lossless JPEG"
      case 0xf7: "JPEG-LS"
      default: "hierarchical JPEG"
      }
    let precision = frame.precision == 8 ? nil : "\(frame.precision)-bit JPEG"
    let components = [1, 3, 4].contains(frame.components) ? nil : "JPEG of \(frame.components) components"
    if let found = kind ?? precision ?? components { throw ImageError.unsupported(found) }
    if frame.height == 0 { throw ImageError.unsupported("JPEG whose height follows its first scan (DNL)") }
    if frame.width == 0 { throw ImageError(.corrupt, "the JPEG has a width of 0") }
  }

  private static func colorModel(_ components: Int, _ adobeTransform: Int?) -> ImageInfo.ColorModel {
    switch components {
    case 1: .gray
    case 3: adobeTransform == 0 ? .rgb : .ycbcr
    default: adobeTransform == 2 ? .ycck : .cmyk
    }
  }
}
