/// Randomly changes brightness, contrast, saturation and hue, in random order, like torchvision's
/// `ColorJitter`.
public struct ColorJitter: DescribableAugmentation, Hashable {
  public static let name = "colorJitter"
  /// The strength x, 0...10: the factor is uniform in max(0, 1 − x)...1 + x.
  public var brightness: Double
  /// The strength, as for brightness.
  public var contrast: Double
  /// The strength, as for brightness.
  public var saturation: Double
  /// The strength x, 0...0.5: the rotation is uniform in −x...x of the color circle.
  public var hue: Double

  public init(
    brightness: Double = 0.2, contrast: Double = 0.2, saturation: Double = 0.2, hue: Double = 0
  ) {
    (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
  }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "brightness", "contrast", "saturation", "hue", of: Self.name)
    brightness = try settings.number("brightness", 0.2, in: 0...10)
    contrast = try settings.number("contrast", 0.2, in: 0...10)
    saturation = try settings.number("saturation", 0.2, in: 0...10)
    hue = try settings.number("hue", 0, in: 0...0.5)
  }

  public var settings: AugmentationSettings {
    AugmentationSettings([
      "brightness": brightness, "contrast": contrast, "saturation": saturation, "hue": hue,
    ])
  }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    var order = SIMD4(0, 1, 2, 3)
    for last in stride(from: 3, to: 0, by: -1) {
      let other = random.integer(below: last + 1)
      (order[last], order[other]) = (order[other], order[last])
    }
    let factors = SIMD4(
      random.uniform(in: max(0, 1 - brightness)...1 + brightness),
      random.uniform(in: max(0, 1 - contrast)...1 + contrast),
      random.uniform(in: max(0, 1 - saturation)...1 + saturation), random.uniform(in: -hue...hue))
    for index in 0..<4 {
      switch order[index] {
      case 0: if brightness > 0 { canvas.adjustBrightness(factors[0]) }
      case 1: if contrast > 0 { canvas.adjustContrast(factors[1]) }
      case 2: if saturation > 0 { canvas.adjustSaturation(factors[2]) }
      default: if hue > 0 { canvas.turnHue(factors[3]) }
      }
    }
  }
}
