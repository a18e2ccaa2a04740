import VisionImage
import VisionNet
import VisionSystem

/// The description of an image by `inspect`.
struct ImageReport {
  let path: FilePath
  let info: ImageInfo

  init(_ path: FilePath) throws(ImageError) {
    self.path = path
    info = try path.imageInfo()
  }

  var json: JSON {
    [
      "schema": JSON.schema, "path": .string(path.text), "kind": "image",
      "format": .string(info.format.rawValue),
      "width": .integer(info.uprightWidth), "height": .integer(info.uprightHeight),
      "storedWidth": .integer(info.width), "storedHeight": .integer(info.height),
      "colorModel": .string(info.colorModel.rawValue), "bitDepth": .integer(info.bitDepth),
      "interlaced": .bool(info.isInterlaced), "arithmetic": .bool(info.isArithmetic),
      "orientation": .integer(info.orientation.rawValue),
      "warnings": .array(info.warnings.map { .string($0) }),
    ]
  }

  var text: String {
    var kind = "\(Self.name(info.colorModel)), \(info.bitDepth) bits per sample"
    if info.isInterlaced { kind += info.format == .png ? ", interlaced" : ", progressive" }
    if info.isArithmetic { kind += ", arithmetic coding" }
    var size = "\(info.uprightWidth) × \(info.uprightHeight)"
    if info.orientation.swapsSides { size += " (stored \(info.width) × \(info.height))" }
    let warnings = info.warnings.map { "\n  warning      \($0)" }.joined()
    return """
      \(path.printable)
        format       \(info.format.rawValue.uppercased())
        size         \(size)
        pixels       \(kind)
        orientation  \(info.orientation.rawValue) (\(Self.words(info.orientation)))\(warnings)
      """
  }

  private static func name(_ model: ImageInfo.ColorModel) -> String {
    switch model {
    case .gray: "gray"
    case .grayAlpha: "gray with alpha"
    case .rgb: "RGB"
    case .rgba: "RGBA"
    case .palette: "palette"
    case .ycbcr: "YCbCr"
    case .cmyk: "CMYK"
    case .ycck: "YCCK"
    case .lab: "CIELAB"
    }
  }

  private static func words(_ orientation: Orientation) -> String {
    switch orientation.rawValue {
    case 1: "upright"
    case 2: "mirrored"
    case 3: "turned by 180°"
    case 4: "flipped upside down"
    case 5: "transposed"
    case 6: "to be turned right by 90°"
    case 7: "transversed"
    default: "to be turned left by 90°"
    }
  }
}
