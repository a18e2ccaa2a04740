/// Mirrors the image top to bottom with a given probability.
public struct VerticalFlip: DescribableAugmentation, Hashable {
  public static let name = "verticalFlip"
  /// 0...1.
  public var probability: Double

  public init(probability: Double = 0.5) { self.probability = probability }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "probability", of: Self.name)
    probability = try settings.number("probability", 0.5, in: 0...1)
  }

  public var settings: AugmentationSettings { AugmentationSettings(["probability": probability]) }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    if random.happens(probability) { canvas.flipVertically() }
  }
}
