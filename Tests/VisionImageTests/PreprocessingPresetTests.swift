import Testing

@testable import VisionImage

@Suite struct PreprocessingPresetTests {
  private func resolved(_ name: String, _ height: Int? = nil, _ width: Int? = nil, _ channels: Int? = nil)
    throws
    -> Preprocessing
  {
    try PreprocessingSource(named: name).resolved(height: height, width: width, channels: channels)
  }

  @Test(arguments: [224, 192, 299, 61])
  func imageNetIsThatOfTheLibrary(_ size: Int) throws {
    #expect(try resolved("imagenet", size, size, 3) == .imageNet(size))
    #expect(try resolved("zero-to-one", size, size, 3) == .squashed(size))
  }

  @Test func sidesComeFromTheNetworkWhereItHasThem() throws {
    for preset in PreprocessingPreset.allCases {
      let open = try preset.resolved(height: nil, width: nil, channels: nil)
      #expect(open.width == 224 && open.height == 224 && open.channels == .rgb)
      let one = try preset.resolved(height: 96, width: nil, channels: 3)
      #expect(one.width == 96 && one.height == 96)
      let wide = try preset.resolved(height: 48, width: 80, channels: 3)
      #expect(wide.width == 80 && wide.height == 48)
      #expect(try Preprocessing(json: wide.json) == wide)
      let image = try Fixture.noise(50, 70)
      #expect(try wide.apply(to: image).shape == [1, 3, 48, 80])
    }
  }

  @Test func theNumbersAreThoseOfTheirSources() throws {
    let inception = try resolved("imagenet-inception", 299, 299, 3)
    #expect(inception.fit == .resizeShorterSide(to: 341) && inception.filter == .bicubic)
    let clip = try resolved("clip", 224, 224, 3)
    #expect(clip.fit == .resizeShorterSide(to: 224) && clip.filter == .bicubic)
    let white = try Image(width: 5, height: 4, pixels: [UInt8](repeating: 255, count: 60))
    let values: [(String, Float)] = [
      ("imagenet", Float((1 - 0.485) / 0.229)), ("imagenet-inception", 1),
      ("clip", Float((1 - 0.48145466) / 0.26862954)), ("zero-to-one", 1), ("bytes", 255),
    ]
    for (name, value) in values {
      #expect(abs(try resolved(name, 8, 8).apply(to: white).floats[0] - value) < 1e-5, "\(name)")
    }
  }

  @Test func oneChannelIsGrayWhereThePresetHasNumbersForIt() throws {
    for name in ["imagenet-inception", "zero-to-one", "bytes"] {
      let gray = try resolved(name, 28, 28, 1)
      #expect(gray.channels == .gray && gray.mean.count == 1)
    }
    for name in ["imagenet", "clip"] {
      #expect(Fixture.kind { _ = try resolved(name, 28, 28, 1) } == .invalidPreprocessing)
    }
    #expect(Fixture.kind { _ = try resolved("bytes", 28, 28, 4) } == .invalidPreprocessing)
  }

  @Test func wrongNamesAndSidesAreRefused() throws {
    for side in [0, -1, 8193, Int.max] {
      for preset in PreprocessingPreset.allCases {
        #expect(Fixture.kind { _ = try preset.resolved(height: side, width: side, channels: 3) } != nil)
      }
    }
    do {
      _ = try PreprocessingSource(named: "imagenett")
      Issue.record("read")
    } catch {
      #expect(
        error.remedy == "did you mean imagenet or imagenet-inception?"
          || error.remedy == "did you mean imagenet?")
    }
  }

  @Test func cropsRoundAsTheyAreTold() throws {
    // 67 − 64 = 3 pixels are left out: 1 before when rounded down, 2 when half to even.
    let image = try Fixture.noise(67, 67)
    var offsets: [Double] = []
    for rounding in [CropRounding.halfToEven, .down] {
      let shorter = try Preprocessing(
        width: 64, height: 64, fit: .resizeShorterSide(to: 67, rounding: rounding))
      let both = try Preprocessing(
        width: 64, height: 64, fit: .resizeBoth(width: 67, height: 67, rounding: rounding))
      #expect(try shorter.image(of: image).pixels == both.image(of: image).pixels)
      offsets.append(-shorter.geometry(width: 67, height: 67).map.tx)
      for steps in [shorter, both] { #expect(try Preprocessing(json: steps.json) == steps) }
    }
    #expect(offsets == [2, 1])
    #expect(!Preprocessing.imageNet(224).json.contains("rounding"))
    #expect(!Preprocessing.squeezeNetCaffe.json.contains("rounding"))
  }
}
