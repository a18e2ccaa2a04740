/// What happens to a training picture, in order; at inference nothing does.
///
/// The first augmentation may choose a part of the whole picture (`RandomResizedCrop`); otherwise the preprocessing fits
/// the picture first. Size, channels and normalisation are always the preprocessing's.
public struct AugmentationPolicy: Sendable {
  public var augmentations: [any Augmentation]

  public init(_ augmentations: [any Augmentation] = []) { self.augmentations = augmentations }

  /// No augmentation: training sees what inference sees.
  public static let none = AugmentationPolicy()

  public var isEmpty: Bool { augmentations.isEmpty }

  /// Makes the picture on the canvas.
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
}
