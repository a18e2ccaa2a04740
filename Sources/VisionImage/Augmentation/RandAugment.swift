/// Several random operations of one strength, like torchvision's `RandAugment`: shears up to 0.3,
/// translations up to 45 % of the side, rotations up to 30°, color factors up to 1.9, posterization,
/// solarization, contrast stretching and equalization.
///
/// Source: Cubuk et al. 2019, "RandAugment".
public struct RandAugment: DescribableAugmentation, Hashable {
  public static let name = "randAugment"
  /// The number of operations, 0...14.
  public var operations: Int
  /// The strength of each operation, 0...30.
  public var magnitude: Int
  /// Whether moved pixels are interpolated bilinearly; otherwise the nearest pixel is taken, as in the
  /// paper's code.
  public var isSmooth: Bool

  public init(operations: Int = 2, magnitude: Int = 9, isSmooth: Bool = true) {
    (self.operations, self.magnitude, self.isSmooth) = (operations, magnitude, isSmooth)
  }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "operations", "magnitude", "smooth", of: Self.name)
    operations = try settings.integer("operations", 2, in: 0...14)
    magnitude = try settings.integer("magnitude", 9, in: 0...30)
    isSmooth = try settings.integer("smooth", 1, in: 0...1) == 1
  }

  public var settings: AugmentationSettings {
    AugmentationSettings([
      "operations": Double(operations), "magnitude": Double(magnitude), "smooth": isSmooth ? 1 : 0,
    ])
  }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    for _ in 0..<operations {
      let operation = ImageOperation.drawn(&random)
      let strength = Self.strength(of: operation, magnitude, canvas.width, canvas.height)
      let isNegative = operation.isSigned && random.happens(0.5)
      operation.apply(to: canvas, magnitude: isNegative ? -strength : strength, isSmooth: isSmooth)
    }
  }

  static func strength(of operation: ImageOperation, _ magnitude: Int, _ width: Int, _ height: Int)
    -> Double
  {
    func to(_ end: Double) -> Double { ImageOperation.step(to: end, magnitude) }
    return switch operation {
    case .identity, .autoContrast, .equalize: 0
    case .shearX, .shearY: to(0.3)
    case .translateX: to(150.0 / 331 * Double(width))
    case .translateY: to(150.0 / 331 * Double(height))
    case .rotate: to(30)
    case .brightness, .color, .contrast, .sharpness: to(0.9)
    case .posterize: 8 - (Double(magnitude) / 7.5).rounded(.toNearestOrEven)
    case .solarize: 255 - to(255)
    }
  }
}
