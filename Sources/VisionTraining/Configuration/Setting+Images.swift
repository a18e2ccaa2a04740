public import VisionData
import VisionSystem
public import VisionImage

/// Settings of image preparation and augmentation.
extension GivenSettings {
  static let images: [any AnySetting] = [
    Setting.imageSize, Setting.decoding, Setting.black, Setting.white, Setting.augmentation, Setting.mixup,
    Setting.cutmix, Setting.mosaic, Setting.copyPaste,
  ]
}

extension Setting where Choice == ImageSize? {
  /// The input size of the network; nil for that of the pretrained network.
  public static let imageSize = Setting(
    "image-size",
    .optional(
      .described(
        "a side from \(ImageSize.sides.lowerBound) to \(ImageSize.sides.upperBound) pixels, or WIDTHxHEIGHT"
      ) { ImageSize($0) }), .learning, recipes: Set(Situation.Recipe.allCases),
    help: "The input size of the network in pixels: a side, or WIDTHxHEIGHT."
  ) { situation in situation.survey?.imageSize(for: situation[.architecture]) }
}

extension Setting where Choice == ImageDecoding? {
  /// Whether images are decoded in full or scaled, in training and later by the model; nil is as in the
  /// pretrained model.
  public static let decoding = Setting(
    "decoding", .optional(.choice), .run,
    help:
      "How images are decoded: full, or scaled, which decodes large JPEGs at a smaller size and faster; the model does the same. (default: the model's, or full)"
  ) { $0.recipe == .scratch ? .full : nil }
}

extension Setting where Choice == Int? {
  /// The 16-bit sample that is black, in training and later for the model; nil is as in the pretrained model,
  /// or 0.
  public static let black = Setting(
    "black", .optional(.whole(0...65_534)), .run,
    help: "The 16-bit sample that is black, also for the model. (default: the model's, or 0)"
  ) { _ in nil }

  /// The 16-bit sample that is white; nil is as in the pretrained model, or 65535.
  public static let white = Setting(
    "white", .optional(.whole(1...65_535)), .run,
    help: "The sample that is white, such as 4095 for 12 bits. (default: the model's, or by the file)"
  ) { _ in nil }
}

extension AugmentationPreset {
  /// The part of a detector's samples that show four images.
  package var mosaic: Double {
    switch self {
    case .none, .light: 0
    case .standard: 0.5
    case .strong: 0.8
    }
  }
}

extension Setting where Choice == AugmentationPreset {
  /// How much images are augmented in training; by default little for small gray images, such as digits.
  public static let augmentation = Setting(
    "augment", .choice, .learning,
    help: "How much images are augmented in training: none, light, standard or strong."
  ) { situation in
    situation.survey?.isGray == true && situation[.imageSize]?.isSmall == true ? .light : .standard
  }
}

extension Setting where Choice == Double {
  /// α of MixUp; 0 for none.
  public static let mixup = Setting(
    "mixup", .upTo10, .learning, help: "The α of MixUp, which blends pairs of images. (default: 0, none)",
    suits: { _ in 0 },
    rule: checkMixture)

  /// α of CutMix; 0 for none.
  public static let cutmix = Setting(
    "cutmix", .upTo10, .learning, recipes: [.fineTune, .scratch],
    objection: "parts of images are pasted into others for classes only",
    help: "The α of CutMix, which pastes parts of images into others. (default: 0, none)",
    suits: { _ in 0 },
    rule: checkMixture)

  /// The probability that a sample of a detector shows four images; in the last epochs it is 0.
  public static let mosaic = Setting(
    "mosaic", .number("from 0 to 1") { (0...1).contains($0) }, .learning, recipes: [.detector],
    keptIn: [.detector], objection: "images are put together where objects have boxes",
    help: "The part of the training samples that show four images, for detectors; 0 in the last epochs."
  ) { $0[.augmentation].mosaic }

  /// The probability that objects of another image are pasted into a sample of a detector; in the last epochs it is 0.
  public static let copyPaste = Setting(
    "copy-paste", .number("from 0 to 1") { (0...1).contains($0) }, .learning, recipes: [.detector],
    keptIn: [],
    objection: "objects are pasted where they have outlines",
    help:
      "The part of the training samples into which objects are pasted, cut out by their outlines. (default: 0)"
  ) { _ in 0 }

  /// Throws for targets that spread over classes if the loss needs a single class.
  static func checkMixture(_ share: Double, _ settings: ResolvedSettings) throws(TrainingError) {
    guard share == 0 || settings[.loss] != .focal else {
      throw TrainingError(
        .settings, "the focal loss wants one class an image, not a mixture",
        remedy: "omit mixup, cutmix and label-smoothing, or use cross-entropy")
    }
  }
}
