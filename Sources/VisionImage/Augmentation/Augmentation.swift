/// A random change of a training image that leaves what it shows.
///
/// Conform a struct of your own and put it into an `AugmentationPolicy`: all randomness must come from `random`, and
/// the result must depend on nothing else but the image.
///
/// ```swift
/// struct Darker: Augmentation {
///   static let name = "darker"
///   func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
///     canvas.adjustBrightness(random.uniform(in: 0.5...1))
///   }
/// }
/// ```
public protocol Augmentation: Sendable {
  /// The name in texts and configuration files: letters and digits.
  static var name: String { get }
  /// The settings, in texts and configuration files.
  var settings: AugmentationSettings { get }
  /// Whether it wants the whole image before that is fitted to the network's size, and chooses a part of it by
  /// `AugmentationCanvas.frame`; only the first of a policy gets the whole.
  var choosesFrame: Bool { get }
  /// Changes the image.
  func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) throws(ImageError)
}

extension Augmentation {
  public var settings: AugmentationSettings { AugmentationSettings() }
  public var choosesFrame: Bool { false }
}

/// An augmentation that a text can name.
public protocol DescribableAugmentation: Augmentation {
  /// Reads the settings; those that are left out have their defaults.
  ///
  /// Throws `invalidArgument` for unknown settings and values outside their ranges.
  init(_ settings: AugmentationSettings) throws(ImageError)
}
