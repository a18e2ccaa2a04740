/// One random operation of random strength, like torchvision's `TrivialAugmentWide`: shears up to 0.99,
/// translations up to 32 pixels, rotations up to 135°, color factors up to 1.99, posterization down to 2
/// bits, solarization, contrast stretching and equalization.
///
/// Source: Müller and Hutter 2021, "TrivialAugment".
public struct TrivialAugment: DescribableAugmentation, Hashable {
  public static let name = "trivialAugment"
  /// Whether moved pixels are interpolated bilinearly; otherwise the nearest pixel is taken, as in the
  /// paper's code.
  public var isSmooth: Bool

  public init(isSmooth: Bool = true) { self.isSmooth = isSmooth }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "smooth", of: Self.name)
    isSmooth = try settings.integer("smooth", 1, in: 0...1) == 1
  }

  public var settings: AugmentationSettings { AugmentationSettings(["smooth": isSmooth ? 1 : 0]) }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    let operation = ImageOperation.drawn(&random)
    let strength = Self.strength(of: operation, random.integer(below: 31))
    let isNegative = operation.isSigned && random.happens(0.5)
    operation.apply(to: canvas, magnitude: isNegative ? -strength : strength, isSmooth: isSmooth)
  }

  static func strength(of operation: ImageOperation, _ magnitude: Int) -> Double {
    func to(_ end: Double) -> Double { ImageOperation.step(to: end, magnitude) }
    return switch operation {
    case .identity, .autoContrast, .equalize: 0
    case .shearX, .shearY: to(0.99)
    case .translateX, .translateY: to(32)
    case .rotate: to(135)
    case .brightness, .color, .contrast, .sharpness: to(0.99)
    case .posterize: 8 - (Double(magnitude) / 5).rounded(.toNearestOrEven)
    case .solarize: 255 - to(255)
    }
  }
}
