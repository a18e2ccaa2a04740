import VisionSystem
import VisionTensor

/// Crops a random part of the image and resizes it to the network's size, like torchvision's
/// `RandomResizedCrop`. It replaces the preprocessing's crop.
///
/// A fraction of the area from `scale`, and an aspect ratio from `ratio`, uniform in its logarithm, are drawn
/// up to ten times until the part fits; otherwise the center is taken. Source: Szegedy et al. 2014, "Going
/// deeper with convolutions", 6.
public struct RandomResizedCrop: DescribableAugmentation, Hashable {
  public static let name = "randomResizedCrop"
  /// The part's fraction of the image's area, within 0...1.
  public var scale: ClosedRange<Double>
  /// The ratio of width to height, above 0.
  public var ratio: ClosedRange<Double>

  public init(scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 0.75...4.0 / 3) {
    (self.scale, self.ratio) = (scale, ratio)
  }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "scale", "ratio", of: Self.name)
    scale = try settings.range("scale", 0.08...1, in: 0.001...1)
    ratio = try settings.range("ratio", 0.75...4.0 / 3, in: 0.01...100)
  }

  public var settings: AugmentationSettings {
    AugmentationSettings().with("scale", scale).with("ratio", ratio)
  }

  public var choosesFrame: Bool { true }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) throws(ImageError) {
    let (width, height) = canvas.extent
    let part = Self.part(width, height, scale, ratio, &random)
    try canvas.frame(x: part.x, y: part.y, width: part.width, height: part.height)
  }

  static func part(
    _ width: Int, _ height: Int, _ scale: ClosedRange<Double>, _ ratio: ClosedRange<Double>,
    _ random: inout AugmentationRandom
  ) -> (x: Int, y: Int, width: Int, height: Int) {
    let logarithms = log(ratio.lowerBound)...log(ratio.upperBound)
    for _ in 0..<10 {
      let area = Double(width * height) * random.uniform(in: scale)
      let shape = exp(random.uniform(in: logarithms))
      let w = Int(saturating: (area * shape).squareRoot().rounded(.toNearestOrEven))
      let h = Int(saturating: (area / shape).squareRoot().rounded(.toNearestOrEven))
      if w > 0, h > 0, w <= width, h <= height {
        let y = random.integer(below: height - h + 1)
        return (random.integer(below: width - w + 1), y, w, h)
      }
    }
    let whole = Double(width) / Double(height)
    var (w, h) = (width, height)
    if whole < ratio.lowerBound {
      h = min(height, max(1, Int(saturating: (Double(width) / ratio.lowerBound).rounded(.toNearestOrEven))))
    } else if whole > ratio.upperBound {
      w = min(width, max(1, Int(saturating: (Double(height) * ratio.upperBound).rounded(.toNearestOrEven))))
    }
    return ((width - w) / 2, (height - h) / 2, w, h)
  }
}
