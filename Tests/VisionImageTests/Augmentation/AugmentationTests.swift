import Testing

@testable import VisionImage

@Suite struct AugmentationTests {
  /// The bytes after an augmentation has changed an image that the network takes as it is.
  private func apply(
    _ augmentation: any Augmentation, _ image: Image, sample: Int = 0, mean: [Double] = [0, 0, 0]
  ) throws -> Image {
    let preprocessing = try Preprocessing(width: image.width, height: image.height, fit: .squash, mean: mean)
    return try preprocessing.image(
      of: image, augmentedBy: [augmentation], AugmentationKey(seed: 1, sample: sample))
  }

  @Test func flipsHappenAsOftenAsAsked() throws {
    let image = try Fixture.noise(4, 4)
    for (probability, range) in [(0.0, 0...0), (0.25, 65...135), (1.0, 400...400)] {
      let flipped = try (0..<400).count {
        try apply(HorizontalFlip(probability: probability), image, sample: $0) != image
      }
      #expect(range.contains(flipped), "\(flipped) of 400 at \(probability)")
    }
  }

  @Test func cropsLieInsideAndHaveTheAreasAndShapesAskedFor() {
    for (width, height) in [(300, 200), (32, 32), (500, 40)] {
      var areas: [Double] = []
      for sample in 0..<300 {
        var random = AugmentationRandom(AugmentationKey(seed: 4, sample: sample))
        let part = RandomResizedCrop.part(width, height, 0.2...0.8, 0.75...1.25, &random)
        #expect(part.x >= 0 && part.y >= 0 && part.width > 0 && part.height > 0)
        #expect(part.x + part.width <= width && part.y + part.height <= height)
        areas.append(Double(part.width * part.height) / Double(width * height))
        let ratio = Double(part.width) / Double(part.height)
        // Sides are whole pixels.
        let slack = 1.0 / Double(part.height) + 1.0 / Double(part.width)
        #expect(ratio > 0.75 - slack && ratio < 1.25 + slack)
      }
      if width < 400 {
        #expect(areas.min() ?? 0 > 0.15 && areas.max() ?? 1 < 0.85)
        #expect((areas.max() ?? 0) - (areas.min() ?? 0) > 0.4)
      }
    }
  }

  @Test func aShapeThatNeverFitsGivesTheMiddle() {
    var random = AugmentationRandom(AugmentationKey(seed: 4))
    // 1000 × 10: the widest that is allowed, round(10 · 1.25) = 12 columns from (1000 − 12) / 2 on.
    let wide = RandomResizedCrop.part(1000, 10, 1...1, 0.75...1.25, &random)
    #expect([wide.x, wide.y, wide.width, wide.height] == [494, 0, 12, 10])
    let high = RandomResizedCrop.part(10, 1000, 1...1, 0.75...1.25, &random)
    #expect([high.x, high.y, high.width, high.height] == [0, 493, 10, 13])
  }

  @Test func movedImagesShowTheirMirrorImage() throws {
    #expect((-3..<8).map { PadAndCrop.mirrored($0, 5) } == [3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1])
    #expect((-3..<3).allSatisfy { PadAndCrop.mirrored($0, 1) == 0 })
    let (width, height) = (7, 5)
    var pixels: [UInt8] = []
    for index in 0..<width * height { pixels += [UInt8(index), UInt8(100 + index), UInt8(200 + index)] }
    let image = try Image(width: width, height: height, pixels: pixels)
    var seen: Set<[UInt8]> = []
    for padding in [1, 2, 9] {
      for sample in 0..<60 {
        let moved = try apply(PadAndCrop(padding: padding), image, sample: sample).pixels
        seen.insert(moved)
        var fits = false
        for y in -padding...padding {
          for x in -padding...padding where !fits {
            fits = Self.moved(pixels, width, height, x, y) == moved
          }
        }
        #expect(fits)
      }
    }
    #expect(seen.count > 40)
  }

  /// The image seen from (x, y), one pixel after the other.
  private static func moved(_ pixels: [UInt8], _ width: Int, _ height: Int, _ x: Int, _ y: Int) -> [UInt8] {
    var result: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        let place = PadAndCrop.mirrored(row + y, height) * width + PadAndCrop.mirrored(column + x, width)
        result += pixels[place * 3..<place * 3 + 3]
      }
    }
    return result
  }

  @Test func withoutMirrorTheNeutralColorComesIn() throws {
    let image = try Image(width: 6, height: 6) { $0.update(repeating: 250) }
    var bytes: Set<UInt8> = []
    for sample in 0..<30 {
      let moved = try apply(
        PadAndCrop(padding: 2, isMirrored: false), image, sample: sample, mean: [10, 20, 30])
      bytes.formUnion(moved.pixels)
    }
    #expect(bytes == [10, 20, 30, 250])
  }

  @Test func erasedPartsAreNeutralAndOfTheSizeAskedFor() throws {
    let image = try Image(width: 50, height: 40) { $0.update(repeating: 250) }
    for sample in 0..<100 {
      let erased = try apply(
        RandomErasing(probability: 1, scale: 0.1...0.3), image, sample: sample, mean: [10, 20, 30])
      let pixels = erased.pixels
      let count = stride(from: 0, to: pixels.count, by: 3).count { pixels[$0] == 10 }
      #expect((0.08...0.32).contains(Double(count) / 2000))
      #expect(Set(pixels) == [10, 20, 30, 250])
    }
    #expect(try apply(RandomErasing(probability: 0), image) == image)
  }

  @Test func theNeutralColorIsNormalizedToZero() throws {
    for preprocessing in [Preprocessing.imageNet(8), .squeezeNetCaffe, .efficientNetLite(8), .squashed(8)] {
      let color = preprocessing.neutralColor
      let image = try Image(width: 9, height: 9) { pixels in
        for index in 0..<81 {
          (pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]) = (
            color.red, color.green, color.blue
          )
        }
      }
      let step = zip(preprocessing.scale, preprocessing.deviation).map { $0 / $1 / 2 }.max() ?? 0
      #expect(try preprocessing.apply(to: image).floats.allSatisfy { Double(abs($0)) <= step * 1.001 })
    }
  }

  @Test func jitterStaysWithinItsFactors() throws {
    let image = try Image(width: 4, height: 4) { $0.update(repeating: 100) }
    var seen: Set<UInt8> = []
    for sample in 0..<200 {
      let jitter = ColorJitter(brightness: 0.3, contrast: 0, saturation: 0)
      let value = try apply(jitter, image, sample: sample).pixels[0]
      #expect((69...130).contains(value))
      seen.insert(value)
    }
    #expect(seen.count > 40)
    let noise = try Fixture.noise(9, 9)
    #expect(try apply(ColorJitter(brightness: 0, contrast: 0, saturation: 0), noise) == noise)
    #expect(try apply(ColorJitter(brightness: 0, contrast: 0, saturation: 0, hue: 0.3), noise) != noise)
  }

  @Test func randomOperationsAllOccur() throws {
    let noise = try Fixture.noise(24, 24)
    for augmentation in [TrivialAugment(), RandAugment()] as [any Augmentation] {
      let results = try Set((0..<150).map { try apply(augmentation, noise, sample: $0).pixels })
      #expect(results.count > 90)
    }
    #expect(try apply(RandAugment(operations: 0), noise) == noise)
  }

  @Test func imagesOfOnePixelWork() throws {
    let image = try Image(width: 1, height: 1, pixels: [1, 2, 3])
    for text in AugmentationPolicy.known.map({ $0.name }) + ["randAugment(operations: 14, magnitude: 30)"] {
      for sample in 0..<20 {
        let policy = try AugmentationPolicy(text)
        let result = try Preprocessing.squashed(1).image(
          of: image, augmentedBy: policy, AugmentationKey(seed: 0, sample: sample))
        #expect(result.pixels.count == 3)
      }
    }
  }
}
