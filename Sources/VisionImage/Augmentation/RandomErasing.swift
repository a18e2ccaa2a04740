import VisionSystem
import VisionTensor

/// With a given probability, paints a rectangle with the neutral color, like torchvision's `RandomErasing`.
/// An area and an aspect ratio are drawn up to ten times until the rectangle fits; otherwise nothing is
/// painted.
///
/// Like every other augmentation it changes bytes, so that previews show it. The neutral color is nearest to
/// 0 after normalization and differs from torchvision's 0 by at most half a gray level. Source: Zhong et al.
/// 2017.
public struct RandomErasing: DescribableAugmentation, Hashable {
  public static let name = "randomErasing"
  /// 0...1.
  public var probability: Double
  /// The rectangle's fraction of the image's area, within 0...1.
  public var scale: ClosedRange<Double>
  /// The ratio of height to width, above 0.
  public var ratio: ClosedRange<Double>

  public init(
    probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33,
    ratio: ClosedRange<Double> = 0.3...3.3
  ) {
    (self.probability, self.scale, self.ratio) = (probability, scale, ratio)
  }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "probability", "scale", "ratio", of: Self.name)
    probability = try settings.number("probability", 0.5, in: 0...1)
    scale = try settings.range("scale", 0.02...0.33, in: 0...1)
    ratio = try settings.range("ratio", 0.3...3.3, in: 0.01...100)
  }

  public var settings: AugmentationSettings {
    AugmentationSettings(["probability": probability]).with("scale", scale).with("ratio", ratio)
  }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    guard random.happens(probability) else { return }
    let logarithms = log(ratio.lowerBound)...log(ratio.upperBound)
    for _ in 0..<10 {
      let area = Double(canvas.width * canvas.height) * random.uniform(in: scale)
      let shape = exp(random.uniform(in: logarithms))
      let height = Int(saturating: (area * shape).squareRoot().rounded(.toNearestOrEven))
      let width = Int(saturating: (area / shape).squareRoot().rounded(.toNearestOrEven))
      guard height < canvas.height, width < canvas.width else { continue }
      let y = random.integer(below: canvas.height - height + 1)
      let x = random.integer(below: canvas.width - width + 1)
      canvas.paint(x: x, y: y, width: width, height: height, canvas.fill)
      return
    }
  }
}
