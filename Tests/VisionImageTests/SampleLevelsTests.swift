import Testing

@testable import VisionImage

/// Black and white of 16-bit samples.
@Suite struct SampleLevelsTests {
  /// Gray samples of a 16-bit PNG, as read.
  private func first(_ samples: [UInt16], _ options: ImageOptions, bits: UInt8? = nil) throws -> [UInt8] {
    let image = try Image(
      encoded: SignificantBitsTests.png(samples, width: samples.count, bits: bits), options: options)
    return stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
  }

  @Test func samplesAreScaledBetweenThem() throws {
    let twelve = try SampleLevels(white: 4095)
    let samples: [UInt16] = [0, 8, 9, 2047, 2048, 4095, 5000, 65_535]
    // 255 · 8 / 4095 is 0.498, 255 · 9 / 4095 is 0.56.
    let expected: [UInt8] = [0, 0, 1, 127, 128, 255, 255, 255]
    #expect(try first(samples, ImageOptions(levels: twelve)) == expected)
    let preprocessing = Preprocessing.squashed(8).levels(twelve)
    #expect(try first(samples, ImageOptions(preprocessing: preprocessing)) == expected)
    // They count more than what the file says, and the options' more than the preprocessing's.
    #expect(try first(samples, ImageOptions(levels: twelve), bits: 10) == expected)
    let other = try SampleLevels(black: 2047, white: 2049)
    let both = ImageOptions(levels: other, preprocessing: preprocessing)
    #expect(try first(samples, both) == [0, 0, 0, 0, 128, 255, 255, 255])
  }

  @Test func tiffHasThemToo() throws {
    guard Fixture.readable("x.tif") != nil else { return }
    let bytes = try Fixture.format("tiff-I16-raw-17x31.tif")
    let plain = try Image(encoded: bytes)
    let levels = try SampleLevels(black: 10_000, white: 40_000)
    let leveled = try Image(encoded: bytes, options: ImageOptions(levels: levels))
    for (a, b) in zip(plain.pixels, leveled.pixels) {
      // The high byte leaves a sample open by 255.
      let (low, high) = (Double(Int(a) << 8), Double(Int(a) << 8 | 255))
      let range = [low, high].map { min(max((($0 - 10_000) / 30_000 * 255).rounded(), 0), 255) }
      #expect(range[0] <= Double(b) && Double(b) <= range[1])
    }
    #expect(plain != leveled)
  }

  @Test func imagesOfEightBitsStayAsTheyAre() throws {
    let options = ImageOptions(levels: try SampleLevels(black: 100, white: 200))
    for name in ["rgb8.png", "gray4.png", "rgb420.jpg"] {
      let bytes = try Fixture.image(name)
      #expect(try Image(encoded: bytes) == Image(encoded: bytes, options: options))
    }
  }

  @Test func theyTravelWithThePreprocessingAndAreLeftOutWhereThereAreNone() throws {
    let plain = Preprocessing.squashed(8)
    #expect(!plain.json.contains("levels"))
    let leveled = plain.levels(try SampleLevels(black: 7, white: 4095))
    #expect(leveled.json.contains(#""levels":{"black":7,"white":4095}"#))
    #expect(try Preprocessing(json: leveled.json) == leveled)
    #expect(try Preprocessing(json: plain.json).levels == nil)
    #expect(leveled.decoding(.scaled).levels == leveled.levels)
    for wrong in [
      #"{"black":5,"white":5}"#, #"{"black":-1,"white":5}"#, #"{"black":0,"white":65536}"#, #"{"black":0}"#,
      #"{"black":0,"white":9,"gray":3}"#, #"{"black":0.5,"white":9}"#, "3",
    ] {
      let json = plain.json.dropLast() + #","levels":"# + wrong + "}"
      #expect(Fixture.kind { _ = try Preprocessing(json: String(json)) } == .invalidPreprocessing, "\(wrong)")
    }
  }
}
