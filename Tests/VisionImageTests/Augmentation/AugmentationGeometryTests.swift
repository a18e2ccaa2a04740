import Testing

@testable import VisionImage

/// A dot is found where the recorded map says, and nowhere else.
@Suite struct AugmentationGeometryTests {
  private static let size = (width: 121, height: 87)
  private static let modes: [FitMode] = [
    .centerCrop(fraction: 0.875), .resizeShorterSide(to: 77), .resizeBoth(width: 71, height: 83), .squash,
    .letterbox(fill: RGBColor(red: 40, green: 40, blue: 40)),
  ]
  /// All that a text can name, and the operations that need a name of their own there.
  private static let policies = [
    "none", "randomResizedCrop", "randomResizedCrop(scale: 0.5...1), horizontalFlip(probability: 1)",
    "padAndCrop(padding: 9)", "padAndCrop(padding: 9, mirrored: 0)", "horizontalFlip(probability: 1)",
    "verticalFlip(probability: 1)", "rotation(degrees: 180)", "rotation(degrees: 40, smooth: 0)",
    "colorJitter", "randAugment", "randAugment(operations: 4, magnitude: 20, smooth: 0)", "trivialAugment",
    "randomErasing(probability: 1)",
    "horizontalFlip(probability: 1), rotation(degrees: 30), padAndCrop(padding: 5), verticalFlip(probability: 1)",
  ]

  /// Gray 40, the neutral color, with a lighter square of `side` pixels about a position.
  private static func image(dot: (x: Int, y: Int)?, side: Int = 5) throws -> Image {
    try Image(width: size.width, height: size.height) { pixels in
      pixels.update(repeating: 40)
      guard let dot else { return }
      for y in dot.y - side / 2...dot.y + side / 2 {
        for x in dot.x - side / 2...dot.x + side / 2 {
          for channel in 0..<3 { pixels[(y * size.width + x) * 3 + channel] = 190 }
        }
      }
    }
  }

  private static func preprocessing(_ mode: FitMode) throws -> Preprocessing {
    try Preprocessing(width: 71, height: 59, fit: mode, mean: [40, 40, 40])
  }

  /// How much each pixel differs between two canvases.
  private static func differences(_ a: AugmentationCanvas, _ b: AugmentationCanvas) -> [Double] {
    (0..<a.width * a.height).map { abs(Double(a.pixels[$0 * 3 + 1]) - Double(b.pixels[$0 * 3 + 1])) }
  }

  @Test(arguments: policies)
  func aDotIsFoundWhereTheMapSays(text: String) throws {
    let policy = try AugmentationPolicy(text)
    var (found, cut) = (0, 0)
    for (index, mode) in Self.modes.enumerated() {
      let preprocessing = try Self.preprocessing(mode)
      let (with, without) = (
        AugmentationCanvas(showsObjectsOnce: true), AugmentationCanvas(showsObjectsOnce: true)
      )
      let empty = try Self.image(dot: nil)
      for sample in 0..<12 {
        let dot = (x: 20 + (sample * 37) % 80, y: 15 + (sample * 23 + index * 7) % 56)
        let key = AugmentationKey(seed: 7, sample: sample)
        try policy.apply(Self.image(dot: dot), preprocessing, key, on: with)
        try policy.apply(empty, preprocessing, key, on: without)
        #expect(with.geometry == without.geometry)
        #expect(with.geometry.source == Self.size && with.geometry.input == (71, 59))
        let differences = Self.differences(with, without)
        let most = differences.max() ?? 0
        let place = with.geometry.map(x: Double(dot.x) + 0.5, y: Double(dot.y) + 0.5)
        let reach = 4 * (with.geometry.map.determinant.magnitude).squareRoot() + 3
        let isInside =
          place.x > reach && place.x < 71 - reach && place.y > reach && place.y < 59 - reach
        guard isInside, most > 20 else {
          cut += 1
          continue
        }
        var (sum, x, y, area) = (0.0, 0.0, 0.0, 0.0)
        for (pixel, difference) in differences.enumerated() where difference > most / 3 {
          sum += difference
          area += 1
          x += difference * (Double(pixel % 71) + 0.5)
          y += difference * (Double(pixel / 71) + 0.5)
        }
        let expected = 25 * with.geometry.map.determinant.magnitude
        // An equalized histogram can make every pixel another one where the image has a dot more.
        guard area < 8 * expected + 20 else {
          cut += 1
          continue
        }
        let distance = (x: abs(x / sum - place.x), y: abs(y / sum - place.y))
        // Of a dot that a step before has cut or erased in part, what is left lies about its place.
        let isWhole = area > 0.9 * expected
        found += isWhole ? 1 : 0
        cut += isWhole ? 0 : 1
        let limit = isWhole ? 0.6 : reach
        #expect(
          distance.x < limit && distance.y < limit,
          "\(mode), \(sample): \(dot) → \(place), \(distance), \(area)")
      }
    }
    // Some are cut off, erased or made as dark as the rest.
    #expect(found >= 20, "\(found) found, \(cut) not")
  }

  @Test func everyAugmentationThatATextCanNameIsTried() {
    for type in AugmentationPolicy.known { #expect(Self.policies.contains { $0.contains(type.name) }) }
  }

  /// Each operation that random augmentations choose from, in both directions.
  @Test(arguments: ImageOperation.allCases)
  func operationsRecordWhatTheyMove(operation: ImageOperation) throws {
    let preprocessing = try Self.preprocessing(.squash)
    let moves: Set<ImageOperation> = [.shearX, .shearY, .translateX, .translateY, .rotate]
    for sign in operation.isSigned ? [-1.0, 1.0] : [1] {
      let canvas = AugmentationCanvas()
      try canvas.load(Self.image(dot: nil), preprocessing)
      try canvas.fit()
      let before = canvas.geometry
      let strength = RandAugment.strength(of: operation, 9, 71, 59)
      operation.apply(to: canvas, magnitude: sign * strength, isSmooth: true)
      #expect((canvas.geometry != before) == moves.contains(operation))
    }
  }

  /// A mirrored border shows a dot at the edge twice, which is only allowed where nobody asks where it is.
  @Test func bordersAreFilledWhereObjectsHavePlaces() throws {
    let image = try Image(width: 31, height: 31) { pixels in
      pixels.update(repeating: 0)
      for channel in 0..<3 { pixels[(15 * 31 + 2) * 3 + channel] = 255 }
    }
    let preprocessing = try Preprocessing(width: 31, height: 31, fit: .squash)
    let policy: AugmentationPolicy = [PadAndCrop(padding: 6)]
    var twice = 0
    for sample in 0..<60 {
      for once in [false, true] {
        let canvas = AugmentationCanvas(showsObjectsOnce: once)
        try policy.apply(image, preprocessing, AugmentationKey(seed: 1, sample: sample), on: canvas)
        let dots = (0..<31 * 31).filter { canvas.pixels[$0 * 3] == 255 }
        let place = canvas.geometry.map(x: 2.5, y: 15.5)
        if place.x > 0 {
          #expect(dots.contains { Double($0 % 31) == place.x - 0.5 && Double($0 / 31) == place.y - 0.5 })
        }
        if once { #expect(dots.count == (place.x > 0 ? 1 : 0)) } else if dots.count == 2 { twice += 1 }
      }
    }
    #expect(twice > 5)
  }

  /// A part is taken from the pixels of an image that was decoded smaller; the map begins at those of the whole.
  @Test func theMapBeginsAtTheWholeImage() throws {
    let dot = (x: 700, y: 290)
    let whole = try Image(width: 1003, height: 517) { pixels in
      pixels.update(repeating: 40)
      for y in dot.y..<dot.y + 64 {
        for x in dot.x..<dot.x + 64 { for channel in 0..<3 { pixels[(y * 1003 + x) * 3 + channel] = 220 } }
      }
    }
    let preprocessing = try Preprocessing(width: 71, height: 59, fit: .squash, decoding: .scaled)
    let smaller = try Image(
      encoded: whole.jpegData(quality: 100), options: ImageOptions(preprocessing: preprocessing))
    #expect(smaller.width < 1003)
    let canvas = AugmentationCanvas()
    for text in ["none", "randomResizedCrop(scale: 0.7...1)", "randomResizedCrop(scale: 0.7...1), rotation"] {
      try AugmentationPolicy(text).apply(smaller, preprocessing, AugmentationKey(seed: 3), on: canvas)
      #expect(canvas.geometry.source == (1003, 517))
      var (sum, x, y) = (0.0, 0.0, 0.0)
      for pixel in 0..<71 * 59 where canvas.pixels[pixel * 3 + 1] > 60 {
        let light = Double(canvas.pixels[pixel * 3 + 1]) - 40
        sum += light
        x += light * (Double(pixel % 71) + 0.5)
        y += light * (Double(pixel / 71) + 0.5)
      }
      let place = canvas.geometry.map(x: Double(dot.x) + 32, y: Double(dot.y) + 32)
      #expect(abs(x / sum - place.x) < 0.3 && abs(y / sum - place.y) < 0.3, "\(text)")
    }
  }
}
