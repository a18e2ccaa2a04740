/// Rotates the image about its center by an angle uniform in −degrees...degrees; the corners get the neutral
/// color.
public struct Rotation: DescribableAugmentation, Hashable {
  public static let name = "rotation"
  /// The largest angle in degrees, 0...180.
  public var degrees: Double
  /// Whether pixels are interpolated bilinearly; otherwise the nearest pixel is taken.
  public var isSmooth: Bool

  public init(degrees: Double = 10, isSmooth: Bool = true) {
    (self.degrees, self.isSmooth) = (degrees, isSmooth)
  }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "degrees", "smooth", of: Self.name)
    degrees = try settings.number("degrees", 10, in: 0...180)
    isSmooth = try settings.integer("smooth", 1, in: 0...1) == 1
  }

  public var settings: AugmentationSettings {
    AugmentationSettings(["degrees": degrees, "smooth": isSmooth ? 1 : 0])
  }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    canvas.rotate(degrees: random.uniform(in: -degrees...degrees), isSmooth: isSmooth)
  }
}
