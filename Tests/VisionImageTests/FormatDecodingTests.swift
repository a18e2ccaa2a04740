import Testing
import VisionSystem

@testable import VisionImage

/// Pictures in the formats that the system's libraries read, and BMP.
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

  @Test func everyPictureEqualsTheReference() throws {
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
      ("gif-animated-0.gif", 8, .palette, true), ("tiff-1-group4-17x31.tif", 1, .grey, false),
      ("tiff-CMYK-tiff_lzw-17x31.tif", 8, .cmyk, false), ("tiff-I16-raw-17x31.tif", 16, .grey, false),
      ("tiff-palette2ii.tif", 2, .palette, false), ("tiff-LA-tiff_lzw-17x31.tif", 8, .greyAlpha, false),
      ("webp-lossy-17x31.webp", 8, .ycbcr, false), ("webp-lossless-5x1.webp", 8, .rgb, false),
      ("webp-alpha-17x31.webp", 8, .rgba, false), ("webp-animatedRGB0.webp", 8, .ycbcr, true),
      ("heic-alpha-45x31.heic", 8, .rgba, false), ("heic-deep-45x31.heic", 10, .ycbcr, false),
      ("avif-400.avif", 8, .grey, false),
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

  @Test(arguments: ["heic", "avif"])
  func containersAreTurnedAsTheySayAndOnce(format: String) throws {
    guard Fixture.readable("x." + format) != nil else { return }
    let whole = try image("\(format)--45x31.\(format)")
    if format == "avif" {
      #expect(try image("avif-turned1.avif") == Self.map(whole, 45, 31) { x, y in (44 - x, 30 - y) })
      let cropped = try image("avif-cropped.avif")
      #expect(cropped.width == 20 && cropped.height == 16)
    }
    // Options do not turn what the container has turned already.
    var lying = ImageOptions()
    lying.appliesOrientation = false
    let exif = "\(format)-exif.\(format)"
    #expect(try image(exif, lying) == image(exif))
  }

  /// The picture whose pixels come from where `source` says.
  private static func map(
    _ image: Image, _ width: Int, _ height: Int, _ source: (Int, Int) -> (Int, Int)
  ) -> Image? {
    let pixels = image.pixels
    return try? Image(width: width, height: height) { target in
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
