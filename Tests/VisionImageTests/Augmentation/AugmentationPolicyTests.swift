import Foundation
import Testing

@testable import VisionImage

@Suite struct AugmentationPolicyTests {
  private let preprocessing = Preprocessing.imageNet(40)

  private func input(_ policy: AugmentationPolicy, _ image: Image, _ key: AugmentationKey) throws -> [Float] {
    try input(policy, image, key, AugmentationCanvas())
  }

  private func input(
    _ policy: AugmentationPolicy, _ image: Image, _ key: AugmentationKey, _ canvas: AugmentationCanvas
  ) throws -> [Float] {
    var output = [Float](repeating: .nan, count: preprocessing.elementCount)
    _ = try output.withUnsafeMutableBufferPointer {
      try preprocessing.write(image, augmentedBy: policy, key, into: $0, canvas: canvas)
    }
    return output
  }

  @Test func imageIsChangedAtItsOwnSize() throws {
    let image = try Fixture.noise(70, 50)
    let key = AugmentationKey(seed: 4, epoch: 2, sample: 9)
    #expect(try AugmentationPolicy.none.apply(to: image, key: key) == image)
    let flipped = try AugmentationPolicy([HorizontalFlip(probability: 1)]).apply(to: image, key: key)
    #expect(flipped.width == 70 && flipped.height == 50)
    for (x, y) in [(0, 0), (13, 7), (69, 49)] {
      let (here, there) = ((y * 70 + x) * 3, (y * 70 + 69 - x) * 3)
      #expect(Array(flipped.pixels[here..<here + 3]) == Array(image.pixels[there..<there + 3]))
    }
  }

  @Test func noAugmentationIsTheLawOfInference() throws {
    let image = try Fixture.noise(70, 50)
    for preprocessing in [
      preprocessing, .squeezeNetCaffe, .efficientNetLite(33), .squashed(70),
      try Preprocessing(width: 20, height: 30, fit: .letterbox(fill: .black), channels: .gray),
    ] {
      var output = [Float](repeating: .nan, count: preprocessing.elementCount)
      let geometry = try output.withUnsafeMutableBufferPointer {
        try preprocessing.write(
          image, augmentedBy: .none, AugmentationKey(seed: 1), into: $0, canvas: AugmentationCanvas())
      }
      #expect(geometry == preprocessing.geometry(width: 70, height: 50))
      #expect(try output == preprocessing.apply(to: image).floats)
      #expect(
        try preprocessing.image(of: image, augmentedBy: .none, AugmentationKey(seed: 1))
          == preprocessing.image(of: image))
    }
  }

  @Test func theKeyAloneDecides() throws {
    let image = try Fixture.noise(70, 50)
    let canvas = AugmentationCanvas()
    for preset in [AugmentationPreset.light, .standard, .strong] {
      let policy = AugmentationPolicy(preset, width: 224, height: 224, content: .things)
      let key = AugmentationKey(seed: 7, epoch: 3, sample: 11)
      let first = try input(policy, image, key)
      // Through a canvas that has seen other images and sizes.
      _ = try input(policy, Fixture.noise(33, 90), AugmentationKey(seed: 1), canvas)
      #expect(try input(policy, image, key, canvas) == first)
      for other in [
        AugmentationKey(seed: 8, epoch: 3, sample: 11), AugmentationKey(seed: 7, epoch: 4, sample: 11),
        AugmentationKey(seed: 7, epoch: 3, sample: 12),
      ] { #expect(try input(policy, image, other) != first) }
    }
  }

  @Test func sitesAreDifferentStreams() {
    let key = AugmentationKey(seed: 5)
    var streams: Set<UInt32> = []
    for site in 0..<64 {
      var random = AugmentationRandom(key, site: site)
      streams.insert(random.bits())
    }
    #expect(streams.count == 64)
  }

  @Test func numbersAreUniform() {
    var random = AugmentationRandom(AugmentationKey(seed: 2), site: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[random.integer(below: 7)] += 1 }
    // Five deviations of a binomial distribution.
    for count in counts { #expect(abs(count - 1000) < 147) }
    let numbers = (0..<4000).map { _ in random.uniform(in: -2...4) }
    #expect(numbers.allSatisfy { (-2...4).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 4000 - 1) < 0.14)
    #expect(random.integer(below: 1) == 0)
  }

  @Test func textsSayEverything() throws {
    for preset in AugmentationPreset.allCases {
      for content in ImageContent.allCases {
        for side in [28, 32, 224] {
          let policy = AugmentationPolicy(preset, width: side, height: side, content: content)
          #expect(try AugmentationPolicy(policy.description) == policy)
          let data = try JSONEncoder().encode([policy])
          #expect(try JSONDecoder().decode([AugmentationPolicy].self, from: data) == [policy])
        }
      }
    }
    let all = try AugmentationPolicy(AugmentationPolicy.known.map { $0.name }.joined(separator: ","))
    #expect(all.augmentations.count == AugmentationPolicy.known.count)
    #expect(try AugmentationPolicy(all.description) == all)
    #expect(
      try AugmentationPolicy("randomResizedCrop( scale: 0.5...1,ratio:1 ) ,horizontalFlip").description
        == "randomResizedCrop(scale: 0.5...1, ratio: 1...1), horizontalFlip(probability: 0.5)")
    #expect(try AugmentationPolicy("none").isEmpty)
  }

  @Test func textsWithoutSenseAreRefused() throws {
    for text in [
      "", "flip", "horizontalFlip,", "horizontalFlip(", "horizontalFlip(probability: 2)",
      "horizontalFlip(probability: 0.5, probability: 0.5)", "horizontalFlip(odds: 0.5)",
      "padAndCrop(padding: 1.5)", "padAndCrop(padding: nan)", "randomResizedCrop(scale: 0...2)",
      "randomResizedCrop(scale: 1...0.5)", "rotation(degrees)", "rotation)(", "rotation[degrees: 3]",
    ] {
      #expect(Fixture.kind { _ = try AugmentationPolicy(text) } == .invalidArgument, "\(text)")
    }
  }

  @Test func symbolsAreNeverMirroredAndSmallImagesNeverCut() {
    func names(_ preset: AugmentationPreset, _ side: Int, _ content: ImageContent) -> [String] {
      AugmentationPolicy(preset, width: side, height: side, content: content).augmentations.map {
        type(of: $0).name
      }
    }
    for preset in [AugmentationPreset.light, .standard, .strong] {
      #expect(!names(preset, 28, .symbols).contains(HorizontalFlip.name))
      #expect(!names(preset, 224, .symbols).contains(HorizontalFlip.name))
      #expect(names(preset, 32, .things).prefix(2) == [PadAndCrop.name, HorizontalFlip.name])
      #expect(names(preset, 224, .things).prefix(2) == [RandomResizedCrop.name, HorizontalFlip.name])
    }
    #expect(names(.none, 224, .things).isEmpty)
  }

  @Test func contentIsGuessed() {
    #expect(ImageContent(labels: ["rose", "tulip"], areGray: false) == .things)
    #expect(ImageContent(labels: ["rose", "tulip"], areGray: true) == .symbols)
    #expect(ImageContent(labels: ["0", "1", "10"], areGray: false) == .symbols)
    #expect(ImageContent(labels: ["Zero", "nine"], areGray: false) == .symbols)
    #expect(ImageContent(labels: ["turn_left", "turn_right", "stop"], areGray: false) == .symbols)
    #expect(ImageContent(labels: ["leftover", "brightness"], areGray: false) == .things)
  }

  private struct Darker: Augmentation {
    static let name = "darker"
    func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
      canvas.adjustBrightness(random.uniform(in: 0...0.5))
    }
  }

  @Test func ownAugmentationsAreAFewLines() throws {
    let image = try Image(width: 40, height: 40) { $0.update(repeating: 200) }
    let shown = try preprocessing.image(
      of: image, augmentedBy: [Darker(), HorizontalFlip()], AugmentationKey(seed: 3))
    #expect(shown.pixels.allSatisfy { $0 <= 100 })
    #expect(AugmentationPolicy([Darker()]).description == "darker")
  }
}
