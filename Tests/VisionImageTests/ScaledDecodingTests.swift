import CImageCodecs
import Testing

@testable import VisionImage

@Suite struct ScaledDecodingTests {
  /// Slow waves in all three colors.
  private static func waves(_ width: Int, _ height: Int) throws -> Image {
    func wave(_ position: Int, _ period: Int) -> Int { abs(position % period - period / 2) * 360 / period }
    return try Image(width: width, height: height) { pixels in
      for y in 0..<height {
        for x in 0..<width {
          let base = (y * width + x) * 3
          pixels[base] = UInt8(40 + wave(x, 190))
          pixels[base + 1] = UInt8(20 + wave(y, 140))
          pixels[base + 2] = UInt8(30 + wave(x + 2 * y, 330))
        }
      }
    }
  }

  /// A JPEG whose EXIF says that it has to be turned.
  private static func jpeg(_ image: Image, _ orientation: Orientation) throws -> [UInt8] {
    let bytes = try image.jpegData(quality: 100)
    let tiff: [UInt8] = [
      0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, UInt8(orientation.rawValue), 0, 0, 0,
      0, 0, 0, 0,
    ]
    let segment = [UInt8]("Exif".utf8) + [0, 0] + tiff
    return [0xff, 0xd8, 0xff, 0xe1, 0, UInt8(segment.count + 2)] + segment + bytes[2...]
  }

  private static func difference(_ a: Image, _ b: Image) throws -> (largest: Int, mean: Double) {
    try #require(a.width == b.width && a.height == b.height)
    let differences = zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }
    return (differences.max() ?? 0, Double(differences.reduce(0, +)) / Double(differences.count))
  }

  @Test func twiceTheSidesThatAreWantedAreLeft() throws {
    let squash = Preprocessing.squashed(32).decoding(.scaled)
    let sizes: [(Int, Int, Int)] = [
      (32, 32, 1), (127, 127, 1), (128, 128, 2), (255, 256, 2), (256, 255, 2), (256, 256, 4), (511, 600, 4),
      (512, 512, 8), (512, 511, 4), (9000, 100, 1), (9000, 9000, 8),
    ]
    for (width, height, part) in sizes {
      #expect(squash.decodedPart(width: width, height: height) == part, "\(width)×\(height)")
      #expect(Preprocessing.squashed(32).decodedPart(width: width, height: height) == 1)
    }
    // The part that is cut out counts: 0.875 · 1024 is twice 448, and of 256 · 4 the middle 224 comes later.
    let cut = try Preprocessing(width: 448, height: 448, fit: .centerCrop(fraction: 0.875), decoding: .scaled)
    #expect(cut.decodedPart(width: 2048, height: 3000) == 2)
    #expect(cut.decodedPart(width: 2047, height: 3000) == 1)
    let imageNet = Preprocessing.imageNet(224).decoding(.scaled)
    #expect(imageNet.decodedPart(width: 4032, height: 3024) == 4)
    #expect(imageNet.decodedPart(width: 1024, height: 1100) == 2)
    #expect(imageNet.decodedPart(width: 1023, height: 1100) == 1)
    let box = try Preprocessing(width: 64, height: 64, fit: .letterbox(fill: .black), decoding: .scaled)
    #expect(box.decodedPart(width: 1024, height: 10) == 4)
  }

  @Test func onlyLargeJPEGsAreSmaller() throws {
    let image = try Self.waves(1003, 517)
    let options = ImageOptions(preprocessing: Preprocessing.squashed(32).decoding(.scaled))
    let scaled = try Image(encoded: image.jpegData(quality: 100), options: options)
    #expect([scaled.width, scaled.height] == [126, 65])
    #expect([scaled.wholeWidth, scaled.wholeHeight] == [1003, 517])
    let full = ImageOptions(preprocessing: .squashed(32))
    #expect(try Image(encoded: image.jpegData(quality: 100), options: full).width == 1003)
    #expect(try Image(encoded: image.pngData(), options: options) == image)
    let small = try Self.waves(100, 127)
    #expect(
      try Image(encoded: small.jpegData(quality: 90), options: options)
        == Image(encoded: small.jpegData(quality: 90)))
  }

  /// Neither odd sides nor turning move what the network sees.
  @Test(arguments: Orientation.allCases) func theNetworkSeesTheSame(_ orientation: Orientation) throws {
    let fits: [FitMode] = [
      .squash, .centerCrop(fraction: 0.77), .resizeShorterSide(to: 47), .resizeBoth(width: 50, height: 61),
      .letterbox(fill: RGBColor(red: 9, green: 90, blue: 200)),
    ]
    let bytes = try Self.jpeg(Self.waves(1003, 909), orientation)
    for fit in fits {
      for filter in [ResamplingFilter.bilinear, .bicubic, .lanczos] {
        let full = try Preprocessing(width: 41, height: 46, fit: fit, filter: filter)
        let scaled = full.decoding(.scaled)
        let whole = try Image(encoded: bytes)
        let smaller = try Image(encoded: bytes, options: ImageOptions(preprocessing: scaled))
        #expect(smaller.width < 300 && smaller.wholeWidth == whole.width)
        let difference = try Self.difference(full.image(of: whole), scaled.image(of: smaller))
        // Two roundings differ by a third of a level in the mean; a shift by one pixel of the whole image makes it 2.
        #expect(difference.mean < 0.6, "\(fit) \(filter): \(difference)")
        #expect(difference.largest <= 8, "\(fit) \(filter): \(difference)")
      }
    }
  }

  @Test func theNearestPixelIsNear() throws {
    let bytes = try Self.jpeg(Self.waves(1003, 909), .rotated90Clockwise)
    let full = try Preprocessing(width: 41, height: 46, fit: .squash, filter: .nearest)
    let smaller = try Image(encoded: bytes, options: ImageOptions(preprocessing: full.decoding(.scaled)))
    let difference = try Self.difference(full.image(of: Image(encoded: bytes)), full.image(of: smaller))
    // A pixel of the smaller image, four of the whole one, is 10 levels.
    #expect(difference.mean < 6)
  }

  /// Each smaller pixel is about the mean of those that it stands for.
  @Test func everyKindOfJPEGIsReadSmaller() throws {
    let names = try Fixture.names().filter { $0.hasSuffix(".jpg") }
    var parts: Set<Int> = []
    for name in names {
      let bytes = try Fixture.image(name)
      let whole = try Image(encoded: bytes)
      let one = Preprocessing.squashed(1).decoding(.scaled)
      let part = one.decodedPart(width: whole.width, height: whole.height)
      let smaller = try Image(encoded: bytes, options: ImageOptions(preprocessing: one))
      #expect([smaller.width, smaller.height] == [whole.width, whole.height].map { ($0 + part - 1) / part })
      let seen = try (Preprocessing.squashed(1).image(of: whole), one.image(of: smaller))
      let difference = try Self.difference(seen.0, seen.1).largest
      // At the edges of these tiny images a smaller pixel holds some of what the encoder put beyond them.
      #expect(difference <= (part == 8 ? 9 : 11), "\(name)")
      parts.insert(part)
    }
    #expect(parts == [4, 8])
  }

  @Test func damageIsFoundAllTheSame() throws {
    let bytes = try Self.waves(1003, 909).jpegData(quality: 90)
    let short = Array(bytes[..<(bytes.count / 2)])
    var options = ImageOptions(preprocessing: Preprocessing.squashed(32).decoding(.scaled))
    #expect(Fixture.kind { _ = try Image(encoded: short, options: options) } == .truncated)
    options.allowsTruncated = true
    let half = try Image(encoded: short, options: options)
    #expect(half.damage != nil && half.width == 126 && half.pixels.contains { $0 > 0 })
    options.maximumPixels = 1003 * 909 - 1
    #expect(Fixture.kind { _ = try Image(encoded: bytes, options: options) } == .tooLarge)
  }

  @Test func theChoiceIsStored() throws {
    let scaled = Preprocessing.imageNet(224).decoding(.scaled)
    #expect(scaled != .imageNet(224))
    #expect(scaled.json.contains(#""decoding":"scaled""#))
    #expect(try Preprocessing(json: scaled.json) == scaled)
    #expect(!Preprocessing.imageNet(224).json.contains("decoding"))
    let full = scaled.json.replacing("scaled", with: "full")
    #expect(try Preprocessing(json: full) == .imageNet(224))
    do {
      _ = try Preprocessing(json: scaled.json.replacing("scaled", with: "small"))
      Issue.record("read")
    } catch { #expect(error.place == "decoding") }
  }

  /// The same bytes, whichever instruction set resizes a part of a pixel.
  @Test func everyInstructionSetResizesTheSame() throws {
    let image = try Fixture.noise(97, 83)
    let levels = [VN_RESAMPLE_PORTABLE, VN_RESAMPLE_AVX2, VN_RESAMPLE_AVX512].map { Int32($0) }
      .filter { vn_resample_supports($0) == 1 }
    var results: [[UInt8]] = []
    for level in levels {
      var resizer = Resizer()
      resizer.level = level
      var output = [UInt8](repeating: 0, count: 31 * 17 * 3)
      let (across, down) = (Resizer.Stretch(37, 689, 8), Resizer.Stretch(5, 601, 8))
      try output.withUnsafeMutableBufferPointer { target throws in
        guard let base = target.baseAddress else { return }
        try resizer.resize(
          image.view.cropped(
            x: across.pixels.lowerBound, y: down.pixels.lowerBound, width: across.pixels.count,
            height: down.pixels.count), across, down, to: .init(width: 31, height: 17), filter: .bicubic,
          output: base, pitch: 31 * 3)
      }
      results.append(output)
    }
    #expect(Set(results).count == 1)
  }
}
