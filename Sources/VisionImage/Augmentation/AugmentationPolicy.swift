import VisionSystem
import VisionTensor

/// The augmentations of training images, in order. They are not applied at inference.
///
/// The first augmentation may choose a part of the whole image, as `RandomResizedCrop` does; otherwise the
/// preprocessing fits the image first. The preprocessing always determines size, channels and normalization.
public struct AugmentationPolicy: Sendable {
  public var augmentations: [any Augmentation]

  public init(_ augmentations: [any Augmentation] = []) { self.augmentations = augmentations }

  /// No augmentation: training sees what inference sees.
  public static let none = AugmentationPolicy()

  public var isEmpty: Bool { augmentations.isEmpty }

  /// Computes the augmented image on the canvas.
  func apply(
    _ image: Image, _ preprocessing: Preprocessing, _ key: AugmentationKey, on canvas: AugmentationCanvas
  ) throws(ImageError) {
    try canvas.load(image, preprocessing)
    for (site, augmentation) in augmentations.enumerated() {
      if !augmentation.choosesFrame { try canvas.fit() }
      var random = AugmentationRandom(key, site: site)
      try augmentation.apply(to: canvas, &random)
    }
    try canvas.fit()
  }
}

extension AugmentationPolicy: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: any Augmentation...) { self.init(elements) }
}

extension AugmentationPolicy: Equatable, CustomStringConvertible {
  /// Whether the descriptions are equal: an augmentation is determined by its name and settings.
  public static func == (a: AugmentationPolicy, b: AugmentationPolicy) -> Bool {
    a.description == b.description
  }

  /// For example `padAndCrop(padding: 4, mirrored: 1), horizontalFlip(probability: 0.5)`; `none` for nothing.
  public var description: String {
    isEmpty ? "none" : augmentations.map { "\(type(of: $0).name)\($0.settings)" }.joined(separator: ", ")
  }

  /// A text for human readers: the steps in words, without minor settings, such as
  /// `random resized crop (scale 0.35...1)`.
  package var readable: String {
    augmentations.map { augmentation in
      var words = ""
      for character in type(of: augmentation).name {
        words += character.isUppercase ? " " + character.lowercased() : String(character)
      }
      let settings = augmentation.settings.values.filter { $0.value != .number(0) }
      let texts = settings.filter { !["smooth", "mirrored", "ratio"].contains($0.name) }
        .map { "\($0.name) \(AugmentationSettings.text($0.value).replacing("...", with: " to "))" }
      return texts.isEmpty ? words : "\(words) (\(texts.joined(separator: ", ")))"
    }.joined(separator: "; ")
  }
}
