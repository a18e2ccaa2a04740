import Testing
import VisionSystem

@testable import VisionImage

/// Images in the formats that the system's libraries read, and BMP.
@Suite struct FormatDecodingTests {
  private func image(_ name: String, _ options: ImageOptions = ImageOptions()) throws -> Image {
    try Image(contentsOf: Fixture.formats + "/" + name, options: options)
  }

  /// The pixels of libheif's conversion of colors are the same in one series of versions only.
  private static let isHEIFOfTheTable: Bool = {
    guard let library = dlopen("libheif.so.1", RTLD_NOW), let symbol = dlsym(library, "heif_get_version")
    else {
      return false
    }
    typealias Version = @convention(c) () -> UnsafePointer<CChar>
    return String(cString: unsafeBitCast(symbol, to: Version.self)()).hasPrefix("1.15.")
  }()

  @Test func everyImageEqualsTheReference() throws {
    let rows = try Fixture.table("formats.tsv")
    #expect(rows.count > 60)
    for row in rows {
      guard let format = Fixture.readable(row[0]) else { continue }
      let image = try image(row[0])
      let isExact = format != .heic && format != .avif || Self.isHEIFOfTheTable
      let found = [row[0], "\(image.width)", "\(image.height)", isExact ? Fixture.checksum(image) : row[3]]
      #expect(found == row)
      #expect(image.damage == nil && image.warning == nil, "\(row[0])")
      // The header says so before any pixel is there, and needs no library.
      let info = try ImageInfo(contentsOf: Fixture.formats + "/" + row[0])
      #expect(info.format == format)
      #expect(info.uprightWidth == image.width, "\(row[0])")
      #expect(info.uprightHeight == image.height, "\(row[0])")
    }
  }

  @Test func headersSayWhatTheFilesAre() throws {
    func info(_ name: String) throws -> ImageInfo { try ImageInfo(contentsOf: Fixture.formats + "/" + name) }
    let cases: [(String, Int, ImageInfo.ColorModel, Bool)] = [
      ("bmp-palette4-7x5.bmp", 4, .palette, false), ("bmp-os2-24-7x5.bmp", 8, .rgb, false),
      ("bmp-565-7x5.bmp", 5, .rgb, false), ("gif-L-16x16.gif", 8, .palette, false),
      ("gif-animated-0.gif", 8, .palette, true), ("tiff-1-group4-17x31.tif", 1, .gray, false),
      ("tiff-CMYK-tiff_lzw-17x31.tif", 8, .cmyk, false), ("tiff-I16-raw-17x31.tif", 16, .gray, false),
      ("tiff-palette2ii.tif", 2, .palette, false), ("tiff-LA-tiff_lzw-17x31.tif", 8, .grayAlpha, false),
      ("webp-lossy-17x31.webp", 8, .ycbcr, false), ("webp-lossless-5x1.webp", 8, .rgb, false),
      ("webp-alpha-17x31.webp", 8, .rgba, false), ("webp-animatedRGB0.webp", 8, .ycbcr, true),
      ("heic-alpha-45x31.heic", 8, .rgba, false), ("heic-deep-45x31.heic", 10, .ycbcr, false),
      ("avif-400.avif", 8, .gray, false),
    ]
    for (name, bits, model, isAnimated) in cases {
      let info = try info(name)
      #expect(info.bitDepth == bits && info.colorModel == model && info.isAnimated == isAnimated, "\(name)")
    }
    #expect(try info("webp-turned6.webp").orientation == .rotated90Clockwise)
    #expect(try info("tiff-turned5.tif").orientation == .transposed)
    #expect(try info("tiff-xmp6.tif").orientation == .rotated90Clockwise)
    #expect(try info("webp-xmp8.webp").orientation == .rotated90Counterclockwise)
    // The container has turned these; EXIF says so once more.
    #expect(try info("heic-exif.heic").orientation == .upright)
    #expect(try info("avif-pillow6.avif").orientation == .upright)
  }

  /// What a container does with its image, and the part of a name that says so.
  private enum Turn {
    /// Quarters against the clock.
    case irot(Int)
    /// 0 exchanges top and bottom, 1 left and right.
    case imir(Int)
    /// A part: its first column and row, width and height.
    case clap(Int, Int, Int, Int)

    var name: String {
      switch self {
      case .irot(let quarters): "irot\(quarters)"
      case .imir(let mode): "imir\(mode)"
      case .clap: "clap"
      }
    }

    func applied(to image: Image) throws -> Image {
      let (right, bottom) = (image.width - 1, image.height - 1)
      switch self {
      case .irot(0): return image
      case .irot(1):
        return try FormatDecodingTests.map(image, image.height, image.width) { x, y in (right - y, x) }
      case .irot(2):
        return try FormatDecodingTests.map(image, image.width, image.height) { x, y in (right - x, bottom - y)
        }
      case .irot:
        return try FormatDecodingTests.map(image, image.height, image.width) { x, y in (y, bottom - x) }
      case .imir(0):
        return try FormatDecodingTests.map(image, image.width, image.height) { x, y in (x, bottom - y) }
      case .imir:
        return try FormatDecodingTests.map(image, image.width, image.height) { x, y in (right - x, y) }
      case .clap(let column, let row, let width, let height):
        return try FormatDecodingTests.map(image, width, height) { x, y in (x + column, y + row) }
      }
    }
  }

  /// Each alone and every two, in both orders where these differ: ISO/IEC 23008-12 applies properties in the order in
  /// which they are listed. The centers of the parts are 3 to the right of and 2 above those of the whole images,
  /// 45×31 and 31×45 pixels.
  private static let turns: [[Turn]] =
    (0..<4).map { [.irot($0)] } + (0..<2).map { [.imir($0)] }
    + (0..<8).map { [.irot($0 / 2), .imir($0 % 2)] }
    + [1, 3].flatMap { quarters in (0..<2).map { [.imir($0), .irot(quarters)] } }
    + [
      [.clap(15, 6, 21, 15)], [.clap(15, 6, 21, 15), .irot(1), .imir(0)], [.irot(1), .clap(8, 13, 21, 15)],
    ]

  @Test(arguments: ["heic", "avif"])
  func containersAreTurnedAsTheySayAndOnce(format: String) throws {
    guard Fixture.readable("x." + format) != nil else { return }
    let whole = try image("\(format)--45x31.\(format)")
    for turns in Self.turns {
      let name = "\(format)-\(turns.map(\.name).joined()).\(format)"
      let expected = try turns.reduce(whole) { try $1.applied(to: $0) }
      #expect(try image(name) == expected, "\(name)")
    }
    // A part that hangs over the edge ends there.
    let rest = try image("\(format)-clapover.\(format)")
    #expect(try rest == Turn.clap(32, 18, 13, 13).applied(to: whole))
  }

  @Test(arguments: ["heic", "avif"])
  func orientationOfEXIFDoesNotTurnContainers(format: String) throws {
    guard Fixture.readable("x." + format) != nil else { return }
    // EXIF says a quarter with the clock in both; the container turns one of them.
    let exif = try Fixture.format("\(format)-exif.\(format)")
    #expect(exif.firstRange(of: [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6]) != nil)
    let whole = try image("\(format)-exif.\(format)")
    #expect(whole.width == 45 && whole.height == 31)
    let expected = try Turn.imir(0).applied(to: Turn.irot(1).applied(to: whole))
    let turned = "\(format)-exif-irot1imir0.\(format)"
    #expect(try image(turned) == expected)
    // Options do not turn what the container has turned already.
    for name in ["\(format)-exif.\(format)", turned] {
      for applies in [false, true] {
        var options = ImageOptions()
        options.appliesOrientation = applies
        #expect(try image(name, options) == image(name))
      }
      #expect(try ImageInfo(contentsOf: Fixture.formats + "/" + name).orientation == .upright)
    }
  }

  /// The image whose pixels come from where `source` says.
  private static func map(
    _ image: Image, _ width: Int, _ height: Int, _ source: (Int, Int) -> (Int, Int)
  ) throws -> Image {
    let pixels = image.pixels
    return try Image(width: width, height: height) { target in
      for y in 0..<height {
        for x in 0..<width {
          let (column, row) = source(x, y)
          for channel in 0..<3 {
            target[(y * width + x) * 3 + channel] = pixels[(row * image.width + column) * 3 + channel]
          }
        }
      }
    }
  }

  @Test func limitsAreCheckedFromTheHeader() throws {
    for row in try Fixture.table("formats.tsv") {
      let bytes = try Fixture.format(row[0])
      let info = try bytes.withUnsafeBytes { buffer throws in try ImageInfo(encoded: buffer) }
      for options in [
        ImageOptions(maximumPixels: info.width * info.height - 1),
        ImageOptions(maximumSide: max(info.width, info.height) - 1),
        ImageOptions(maximumFileBytes: bytes.count - 1),
      ] {
        #expect(Fixture.kind { _ = try Image(encoded: bytes, options: options) } == .tooLarge, "\(row[0])")
      }
    }
  }

  @Test func formatsAreToldByContentWhateverTheName() throws {
    for row in try Fixture.table("formats.tsv") {
      let bytes = try Fixture.format(row[0])
      let beginning = Array(bytes.prefix(ImageFormat.beginningBytes))
      #expect(ImageFormat(beginning: beginning) == ImageFormat(path: row[0]), "\(row[0])")
    }
    for text in [
      "BM is not enough", "BMW 320i, built 1999 in Munich", "GIF", "II*", "RIFF\u{10}\0\0\0WAVEfmt ", "MM",
    ] {
      #expect(ImageFormat(beginning: Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test func onlyPNGAndJPEGAreWritten() throws {
    let image = try Image(width: 1, height: 1, pixels: [1, 2, 3])
    for format in ImageFormat.allCases where !format.isWritten {
      #expect(Fixture.kind { try image.write(to: "/nowhere/a.\(format.ending)") } == .unsupported)
    }
  }
}
