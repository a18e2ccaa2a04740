/// How an image of any shape becomes one of the network's.
public enum FitMode: Sendable, Hashable {
  /// The middle is cut out first, in the target's shape and of `fraction` (0...1] of the largest such part,
  /// and then resized.
  ///
  /// For a square target: a square of side c = int(fraction · min(h, w)) from row ((h − c) + 1) / 2 and
  /// column ((w − c) + 1) / 2 on. EfficientNet-Lite uses S / (S + 32).
  case centerCrop(fraction: Double)
  /// The shorter side is resized to `to` pixels, the longer to int(to · long / short), and then the middle is
  /// cut out, as torchvision's `Resize` and `CenterCrop` do; image processors of transformers round `down`.
  case resizeShorterSide(to: Int, rounding: CropRounding = .halfToEven)
  /// Both sides are resized, whatever the shape, and then the middle is cut out, as Caffe does.
  case resizeBoth(width: Int, height: Int, rounding: CropRounding = .down)
  /// The whole image is resized to the target, whatever its shape.
  case squash
  /// The whole image is resized to fit inside the target, in the middle of `fill`, as Pillow's `ImageOps.pad`.
  case letterbox(fill: RGBColor)
}

/// An 8-bit color.
public struct RGBColor: Sendable, Hashable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  public static let black = RGBColor(red: 0, green: 0, blue: 0)
}
