import VisionSystem
import VisionTensor

/// The source of a dataset and how it is converted: one entry of a manifest.
public struct PublicDataset: Sendable, Hashable {
  /// The source of the files.
  public enum Source: Sendable, Hashable {
    /// Generated: the same seed gives the same bytes.
    case generated(seed: UInt64)
    /// A package of Debian or a derivative, in any version whose files have the right checksums.
    case debian(package: String, version: String)
    /// A Python package, of exactly that version.
    case python(package: String, version: String)
  }

  /// A file of the package.
  public struct File: Sendable, Hashable {
    /// The path inside the package.
    public let path: String
    /// SHA-256, 64 lower-case hexadecimal digits.
    public let sha256: String

    /// The last component of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// A part of the data: a folder of class folders, or a table.
  public struct Split: Sendable, Hashable {
    /// `train`, `val` or `test`; for a table, the file name without `.csv`.
    public let name: String
    /// The number of images or rows.
    public let count: Int
  }

  /// The contents of the dataset's files.
  enum Form: Sendable, Hashable {
    /// Images of `ShapePainter`.
    case shapes
    /// Images from IDX arrays: two files for each split, images and labels.
    case arrays
    /// Images from a gzipped table with 784 gray values and a digit in each row; every `testEvery`th image of
    /// a digit is for testing.
    case digits(testEvery: Int)
    /// A table. Without `titles` it is copied; with `titles` it is gzipped, gets these headings, and the
    /// class numbers in its last column are replaced by names.
    case table(titles: String?)
  }

  /// The name on command lines: lower-case letters, digits and `-`.
  public let name: String
  /// A short description.
  public let title: String
  public let source: Source
  /// The files that are used from the package.
  public let files: [File]
  /// The SPDX identifier of the license of the data.
  public let license: String
  /// The authors.
  public let credit: String
  /// The names of the classes, in the order of the source's numbers; for images, also the names of their
  /// folders.
  public let classes: [String]
  public let splits: [Split]
  /// A description of one sample, such as `28 × 28 gray`.
  public let element: String
  /// The download size in megabytes of 10⁶ bytes.
  public let downloadMegabytes: Double
  let form: Form

  /// The number of images or rows in all splits.
  public var count: Int { splits.reduce(0) { $0 + $1.count } }

  /// Whether it is a table instead of images.
  public var isTable: Bool { if case .table = form { true } else { false } }

  /// The command that downloads the package on any machine with the necessary tool; nil for generated data.
  public var fetchCommand: String? {
    switch source {
    case .generated: nil
    case .debian(let package, _): "apt-get download \(package)"
    case .python(let package, let version):
      "python3 -m pip download --no-deps --only-binary :all: \(package)==\(version)"
    }
  }

  /// Eight digits that change with everything that determines the contents of the folder.
  var fingerprint: String {
    let parts = ["\(Self.recipe)", name, "\(source)", "\(form)", license, credit, "\(splits)"]
    return String(
      ContentHash(of: Array((parts + classes + files.map(\.sha256)).joined(separator: "\n").utf8)).hexadecimal
        .prefix(8))
  }

  /// Incremented when the same entry produces different files.
  private static let recipe = 1
}
