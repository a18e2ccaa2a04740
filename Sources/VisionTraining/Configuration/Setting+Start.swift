import VisionData
import VisionImage

/// What is trained, and on what. Later settings' defaults may read earlier ones'.
extension GivenSettings {
  static let start: [any AnySetting] = [
    Setting.data, Setting.labelColumn, Setting.model, Setting.embedding, Setting.preprocessing,
    Setting.architecture, Setting.isFromScratch, Setting.fineTuning, Setting.validation, Setting.isStrict,
    Setting.isStrictDecoding, Setting.seed,
  ]
}

extension Setting where Choice == String? {
  /// A folder of class folders, or a table of paths and labels; nil only where it is not known.
  public static let data = Setting(
    "data", .optional(.text), .run, help: "A folder of class folders, or a table of paths and labels."
  ) { $0.survey?.data.root }

  /// The heading, or the number, of the column of a table that holds the labels; nil where the table itself tells.
  public static let labelColumn = Setting(
    "label-column", .optional(.text), .run,
    help: "The column of a table that holds the labels, by its heading. (default: found out)"
  ) { _ in nil }

  /// The value of the pretrained network that describes an image, by its name in the file; nil is the one that the model
  /// names, or what enters its last layer.
  public static let embedding = Setting(
    "embedding", .optional(.text), .pretrained,
    help:
      "The value of a network from elsewhere that describes an image. (default: what enters its last layer)"
  ) { _ in nil }

  /// The preprocessing, by name or file, for a pretrained network whose file has none, or to use another; nil is that of the
  /// file.
  public static let preprocessing = Setting(
    "preprocessing", .optional(.text), .pretrained,
    help: "Preset (\(PreprocessingPreset.allCases.map(\.rawValue).joined(separator: ", "))) or JSON file: "
      + "VisionNet's, a preprocessor_config.json of transformers or a config.json of timm."
  ) { _ in nil }

  /// The network to train from random weights, a small CNN for small gray images, ResNet-20 for small colored ones,
  /// ResNet-18 for photos where it is left open; nil for a pretrained one.
  public static let architecture = Setting(
    "architecture", .optional(.text), .run,
    help: "The network to train, such as resnet18, mobilenet_v2, resnet20, simple-cnn or lenet5."
  ) { $0.survey.map(ScratchNetwork.name) }
}

extension Setting where Choice == String {
  /// The published model that is taken where none is named.
  package static let standardModel = "efficientnet-lite0"

  /// The pretrained network to start from: a published model or a model file.
  public static let model = Setting(
    "model", .text, .pretrained,
    help: "Start from this pretrained network: a published model or a model file."
  ) { _ in standardModel }
}

extension Setting where Choice == Bool {
  /// Whether the network starts from random weights.
  public static let isFromScratch = Setting(
    "from-scratch", .flag, .run, keptIn: [.scratch], help: "Start from random weights."
  ) { $0.recipe == .scratch }

  /// Whether the first image that cannot be used is an error.
  public static let isStrict = Setting(
    "strict", .flag, .run, help: "Stop at the first image that cannot be read, instead of skipping it."
  ) { _ in false }

  /// Whether files that are not quite as they should be, though every pixel is there, cannot be used.
  public static let isStrictDecoding = Setting(
    "strict-decoding", .flag, .run, keptIn: [],
    help: "Take files that are not quite as they should be for unreadable, though every pixel is there."
  ) { _ in false }
}

extension Setting where Choice == FineTuning {
  /// How much of a pretrained network learns.
  public static let fineTuning = Setting(
    "fine-tune", .described("none, last-N or all") { FineTuning($0) }, .pretrained,
    help: "How much of the pretrained network learns: none, last-N or all."
  ) { _ in .none }
}

extension Setting where Choice == Double {
  /// The part of the images to hold back where no validation images are given, 0..<1.
  public static let validation = Setting(
    "validation", .share, .run,
    help: "The part of the images to hold back for validation when there is no val/. (default: 0.2)"
  ) { _ in 0.2 }
}

extension Setting where Choice == UInt64 {
  /// What all random numbers follow from.
  public static let seed = Setting(
    "seed", .whole(0...UInt64.max), .run,
    help: "All random numbers follow from it; another one also holds back other images. (default: 0)"
  ) { _ in 0 }
}
