import VisionImage
import VisionSystem
import VisionTensor

/// The findings about individual files.
struct ImageFindings {
  private(set) var findings: [Finding] = []

  private let labels: [String]
  private let splits: [String]
  /// The medians of the shorter side and of the number of pixels.
  private let usualSide: Int
  private let usualPixels: Int
  private let imageSize: Int?
  /// Whether gray images are the minority; otherwise colored ones are.
  private let isGrayRare: Bool

  /// - Parameter imageSize: the side of the network's input in pixels.
  init(_ images: [ExaminedImage], labels: [String], splits: [String], imageSize: Int?) {
    self.labels = labels
    self.splits = splits
    self.imageSize = imageSize
    let readable = images.compactMap(\.facts)
    usualSide = Self.median(readable.map(\.sketch.shorterSide))
    usualPixels = Self.median(readable.map { $0.info.width * $0.info.height })
    isGrayRare = readable.count { $0.sketch.isGray } * 2 <= readable.count
    for image in images {
      switch image.outcome {
      case .success(let facts):
        examineFormat(image, facts)
        examineColors(image, facts)
        examineSize(image, facts)
      case .failure(let error):
        // The remedy of the error is not used here, because `train` has no option for the library's limits.
        let remedy = error.kind == .tooLarge ? "make it smaller, or remove it" : error.remedy
        add(
          .error, .undecodable, image, error.message, remedy ?? "repair or remove the file",
          error: error.code)
      }
    }
  }

  private static func median(_ values: [Int]) -> Int {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }

  private mutating func add(
    _ severity: Finding.Severity, _ code: Finding.Code, _ image: ExaminedImage, _ message: String,
    _ remedy: String, error: String? = nil
  ) {
    findings.append(
      Finding(
        severity, code, error: error, paths: [image.path], labels: [labels[image.label]],
        splits: [splits[image.split]], message, remedy: remedy))
  }

  private mutating func examineFormat(_ image: ExaminedImage, _ facts: ExaminedImage.Facts) {
    let info = facts.info
    if Self.hasEnding(image.path), ImageFormat(path: image.path) != info.format {
      add(
        .warning, .wrongExtension, image,
        "the content is \(info.format.name), the name says something else",
        "read all the same; rename it to end with .\(info.format.ending)")
    }
    if info.orientation != .upright {
      add(
        .note, .rotated, image, "stored turned or mirrored (orientation \(info.orientation.rawValue))",
        "nothing: it is turned upright when read")
    }
    if let odd = facts.odd {
      add(.warning, .oddFile, image, odd, "read all the same; save the image anew")
    }
    for warning in info.warnings {
      add(.note, .brokenMetadata, image, warning, "check that the image stands upright")
    }
    if facts.isAnimated {
      add(
        .note, .animated, image, "several images in one \(info.format.name): only the first is used",
        "save the frame that is meant")
    }
  }

  private mutating func examineColors(_ image: ExaminedImage, _ facts: ExaminedImage.Facts) {
    let info = facts.info
    switch info.colorModel {
    case .cmyk, .ycck:
      add(
        .warning, .cmyk, image, "in colors for print (\(info.colorModel.rawValue.uppercased()))",
        "read without its color profile, so the colors may differ: convert it to RGB")
    case .palette: add(.note, .palette, image, "colored by a palette", "nothing: it is read as RGB")
    default: break
    }
    if info.bitDepth == 16 {
      add(.note, .sixteenBit, image, "16 bits a sample: the low byte is dropped", "nothing for photographs")
    }
    if facts.isTransparent {
      add(
        .note, .transparent, image, "has transparency, which is dropped: what it hides shows",
        "lay it on a background where that matters")
    }
    if facts.sketch.isGray == isGrayRare {
      let (code, words): (Finding.Code, String) =
        isGrayRare
        ? (.grayAmongColor, "gray among images in color") : (.colorAmongGray, "color among gray images")
      add(.note, code, image, words, "check that it does not give the class away")
    }
  }

  private mutating func examineSize(_ image: ExaminedImage, _ facts: ExaminedImage.Facts) {
    let (width, height) = (facts.info.uprightWidth, facts.info.uprightHeight)
    let (shorter, longer) = (min(width, height), max(width, height))
    // If all images are small, that is not reported.
    let limit = imageSize.map { ($0 + 1) / 2 } ?? min(32, usualSide / 2)
    if shorter < max(limit, usualSide / 4) {
      add(
        .warning, .tiny, image,
        "only \(width) × \(height) pixels" + (imageSize.map { " for a network that sees \($0)" } ?? ""),
        "find a larger image: it is blown up until little is to be seen")
    }
    let pixels = width * height
    if pixels > 100_000_000 || facts.byteCount > 100_000_000
      || pixels > 8_000_000 && pixels / 16 > usualPixels
    {
      add(
        .note, .huge, image,
        "\(width) × \(height) pixels in \(MachineMemory.text(facts.byteCount)): \(MachineMemory.text(3 * pixels)) when read",
        "make it smaller: training reads it over and over")
    }
    if longer > 4 * shorter {
      add(
        .note, .longSided, image, "\(width) × \(height) pixels: one side is more than four times the other",
        "cut out what matters: the network sees the middle or a squeezed whole")
    }
  }

  /// Whether the name ends with a dot and one to five more bytes.
  private static func hasEnding(_ path: String) -> Bool {
    guard let name = path.utf8.split(separator: UInt8(ascii: "/")).last,
      let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex
    else { return false }
    return (1...5).contains(name.distance(from: dot, to: name.endIndex) - 1)
  }
}
