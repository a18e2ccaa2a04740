import VisionData
import VisionImage

/// Settings of the network and the data. Defaults may depend on settings earlier in the list.
extension GivenSettings {
  static let start: [any AnySetting] = [
    Setting.data, Setting.task, Setting.annotations, Setting.labelColumn, Setting.model, Setting.embedding,
    Setting.preprocessing, Setting.architecture, Setting.isFromScratch, Setting.fineTuning,
    Setting.validation, Setting.isStrict,
    Setting.isStrictDecoding, Setting.seed, Setting.selectsInFile,
  ]
}

extension Setting where Choice == String? {
  /// A folder of class folders, or a table of paths and labels; nil if it is not known.
  public static let data = Setting(
    "data", .optional(.text), .run,
    help: "A folder of class folders, a table of paths and labels, or images with annotated boxes."
  ) { $0.survey?.root }

  /// The file or folder of annotations for images with boxes; nil finds it in the data.
  public static let annotations = Setting(
    "annotations", .optional(.text), .run, recipes: [.detector], keptIn: [],
    objection: "annotations are about boxes",
    help: "The file or folder of annotations for the images in DATA. (default: found in DATA)"
  ) { _ in nil }

  /// The heading or number of the label column of a table; nil finds it from the table.
  public static let labelColumn = Setting(
    "label-column", .optional(.text), .run, recipes: [.head, .fineTune, .scratch],
    objection: "boxes are in no table of labels",
    help: "The heading of the table column that holds the labels. (default: found by its values)"
  ) { _ in nil }

  /// The name of the value of the pretrained network that is the embedding of an image; nil is the one that
  /// the model names, or the input of its last layer.
  public static let embedding = Setting(
    "embedding", .optional(.text), .pretrained,
    help:
      "The value that describes an image, in a network from elsewhere. (default: the input of its last layer)"
  ) { _ in nil }

  /// The preprocessing of a pretrained network, by name or file, if its file has none or another is wanted;
  /// nil is that of the model file.
  public static let preprocessing = Setting(
    "preprocessing", .optional(.text), .pretrained,
    help: "Preset (\(PreprocessingPreset.allCases.map(\.rawValue).joined(separator: ", "))) or JSON file: "
      + "VisionNet's, a preprocessor_config.json of transformers or a config.json of timm."
  ) { _ in nil }

  /// The network to train from random weights; by default a small CNN for small gray images, ResNet-20 for
  /// small color images, and ResNet-18 for photos. Nil for a pretrained network.
  public static let architecture = Setting(
    "architecture", .optional(.text), .run,
    help: "The network to train, such as resnet18, mobilenet_v2, resnet20, simple-cnn or lenet5."
  ) { $0.survey?.architecture }
}

extension Setting where Choice == TaskChoice? {
  /// What is learned; nil finds it from the data.
  public static let task = Setting(
    "task", .optional(.choice), .run, keptIn: [.detector],
    help: "The task: classification, or detection of annotated objects. (default: by the data)"
  ) { $0.recipe == .detector ? .detection : nil }
}

extension Setting where Choice == String {
  /// The published model that is used if none is named.
  package static let standardModel = "efficientnet-lite0"

  /// The pretrained network to start from: a published model or a model file.
  public static let model = Setting(
    "model", .text, .pretrained, recipes: [.head, .fineTune, .detector],
    help: "Start from this network: a pretrained model, a model file or the folder of a run."
  ) { _ in standardModel }
}

extension Setting where Choice == Bool {
  /// Whether the network starts from random weights.
  public static let isFromScratch = Setting(
    "from-scratch", .flag, .run, keptIn: [.scratch, .detector], help: "Start from random weights."
  ) { $0.recipe == .scratch }

  /// Whether the first image that cannot be read is an error.
  public static let isStrict = Setting(
    "strict", .flag, .run, help: "Stop at the first image that cannot be read, instead of skipping it."
  ) { _ in false }

  /// Whether the file of a detector selects boxes by itself.
  public static let selectsInFile = Setting(
    "with-selection", .flag, .run, recipes: [.detector], keptIn: [], objection: "only detectors select boxes",
    help: "Write a model file that selects boxes by itself, by NonMaxSuppression, for other programs."
  ) { _ in false }

  /// Whether files with minor defects count as unreadable, even if all pixels are intact.
  public static let isStrictDecoding = Setting(
    "strict-decoding", .flag, .run, keptIn: [],
    help: "Treat files with minor defects as unreadable, even if every pixel is intact."
  ) { _ in false }
}

extension Setting where Choice == FineTuning {
  /// The part of a pretrained network that is trained.
  public static let fineTuning = Setting(
    "fine-tune", .described("none, last-N or all") { FineTuning($0) }, .pretrained,
    help: "How much of the pretrained network is trained: none, last-N (blocks) or all."
  ) { _ in .none }
}

extension Setting where Choice == Double {
  /// The part of the images to hold back if no validation images are given, in 0..<1.
  public static let validation = Setting(
    "validation", .share, .run,
    help: "The part of the images to hold back for validation when there is no val/. "
      + "(default: 0.2, of more than 2,000 images 0.1)"
  ) { $0.heldBack }
}

extension Setting where Choice == UInt64 {
  /// The seed of all random numbers.
  public static let seed = Setting(
    "seed", .whole(0...UInt64.max), .run,
    help: "The seed of all random numbers; it also decides which images are held back. (default: 0)"
  ) { _ in 0 }
}
