/// How an image of any aspect ratio is fitted to the size of the network's input, the target.
public enum FitMode: Sendable, Hashable {
  /// Crops the center, with the target's aspect ratio and `fraction` (0...1] of the side of the largest such
  /// part, and resizes it.
  ///
  /// For a square target this is a square of side c = int(fraction · min(h, w)) that begins at row ((h − c) +
  /// 1) / 2 and column ((w − c) + 1) / 2. EfficientNet-Lite uses the fraction S / (S + 32).
  case centerCrop(fraction: Double)
  /// Resizes the shorter side to `to` pixels and the longer one to int(to · long / short), and crops the
  /// center, like torchvision's `Resize` and `CenterCrop`. Image processors of transformers use the rounding
  /// `down`.
  case resizeShorterSide(to: Int, rounding: CropRounding = .halfToEven)
  /// Resizes both sides, ignoring the aspect ratio, and crops the center, as Caffe does.
  case resizeBoth(width: Int, height: Int, rounding: CropRounding = .down)
  /// Resizes the whole image to the target, ignoring the aspect ratio.
  case squash
  /// Resizes the whole image to fit inside the target and fills the rest with `fill`.
  ///
  /// Centered, it is Pillow's `ImageOps.pad`. With `enlarges` false, an image that fits inside keeps its size.
  case letterbox(fill: RGBColor, anchor: LetterboxAnchor = .center, enlarges: Bool = true)
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
