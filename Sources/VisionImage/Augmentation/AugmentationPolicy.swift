import VisionSystem
import VisionTensor

/// What happens to a training image, in order; at inference nothing does.
///
/// The first augmentation may choose a part of the whole image (`RandomResizedCrop`); otherwise the preprocessing fits
/// the image first. Size, channels and normalization are always the preprocessing's.
public struct AugmentationPolicy: Sendable {
  public var augmentations: [any Augmentation]

  public init(_ augmentations: [any Augmentation] = []) { self.augmentations = augmentations }

  /// No augmentation: training sees what inference sees.
  public static let none = AugmentationPolicy()

  public var isEmpty: Bool { augmentations.isEmpty }

  /// Makes the image on the canvas.
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
  /// Equal descriptions: name and settings are all that an augmentation is.
  public static func == (a: AugmentationPolicy, b: AugmentationPolicy) -> Bool {
    a.description == b.description
  }

  /// For example `padAndCrop(padding: 4, mirrored: 1), horizontalFlip(probability: 0.5)`; `none` for nothing.
  public var description: String {
    isEmpty ? "none" : augmentations.map { "\(type(of: $0).name)\($0.settings)" }.joined(separator: ", ")
  }

  /// For people: the steps in words and without what goes without saying, such as `random resized crop 0.35...1`.
  package var readable: String {
    augmentations.map { augmentation in
      var words = ""
      for character in type(of: augmentation).name {
        words += character.isUppercase ? " " + character.lowercased() : String(character)
      }
      let settings = augmentation.settings.values.filter { $0.value != .number(0) }
      let texts = settings.filter { !["smooth", "mirrored", "ratio"].contains($0.name) }
        .map { "\($0.name) \(AugmentationSettings.text($0.value))" }
      return texts.isEmpty ? words : "\(words) (\(texts.joined(separator: ", ")))"
    }.joined(separator: "; ")
  }
}
