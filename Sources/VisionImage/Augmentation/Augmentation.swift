/// A random change of a training image that preserves its class.
///
/// You can define your own conforming struct and add it to an `AugmentationPolicy`. All randomness must come
/// from `random`, and apart from it the result may depend only on the image and the settings.
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
  /// Whether the augmentation takes the whole image, before it is fitted to the network's size, and chooses a
  /// part of it with `AugmentationCanvas.frame`. Only the first augmentation of a policy gets the whole
  /// image.
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
  /// Reads the settings; omitted ones have their defaults.
  ///
  /// Throws `invalidArgument` for unknown settings and values out of range.
  init(_ settings: AugmentationSettings) throws(ImageError)
}
