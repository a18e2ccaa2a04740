import VisionSystem
import VisionTensor

/// Where a set of data comes from, and what is to be made of it: one entry of a manifest.
public struct PublicDataset: Sendable, Hashable {
  /// Who carries the files.
  public enum Source: Sendable, Hashable {
    /// Nobody: it is drawn, the same bytes for the same seed.
    case generated(seed: UInt64)
    /// A package of Debian and its relatives; any version whose files have the checksums will do.
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
    /// `train`, `val` or `test`; for a table its name without `.csv`.
    public let name: String
    /// Images, or rows.
    public let count: Int
  }

  /// What the folder holds.
  enum Form: Sendable, Hashable {
    /// Images of `ShapePainter`.
    case shapes
    /// Images out of IDX arrays: two files a split, images and labels.
    case arrays
    /// Images out of a gzipped table of 784 gray values and a digit a row; every `testEvery`th of a digit is for
    /// testing.
    case digits(testEvery: Int)
    /// A table as it is, gzipped or not; `titles` is put before one that has none, and numbers in the last column of
    /// that become classes.
    case table(titles: String?)
  }

  /// The name on command lines: lower-case letters, digits and `-`.
  public let name: String
  /// What it is, in a few words.
  public let title: String
  public let source: Source
  /// The files that are taken out of the package.
  public let files: [File]
  /// The SPDX identifier of the license of the data.
  public let license: String
  /// Who made it.
  public let credit: String
  /// The names of the classes; for images, of their folders, in the order of the source's numbers.
  public let classes: [String]
  public let splits: [Split]
  /// What one of them is, such as `28 × 28 gray`.
  public let element: String
  /// What is fetched, in megabytes of 10⁶ bytes.
  public let downloadMegabytes: Double
  let form: Form

  /// Images or rows in all splits.
  public var count: Int { splits.reduce(0) { $0 + $1.count } }

  /// Whether it is a table and not images.
  public var isTable: Bool { if case .table = form { true } else { false } }

  /// The command that fetches the package on any machine that has its tool; nil for what is drawn.
  public var fetchCommand: String? {
    switch source {
    case .generated: nil
    case .debian(let package, _): "apt-get download \(package)"
    case .python(let package, let version):
      "python3 -m pip download --no-deps --only-binary :all: \(package)==\(version)"
    }
  }

  /// Eight digits that change with everything that decides what is in the folder.
  var fingerprint: String {
    let parts = ["\(Self.recipe)", name, "\(source)", "\(form)", license, credit, "\(splits)"]
    return String(
      ContentHash(of: Array((parts + classes + files.map(\.sha256)).joined(separator: "\n").utf8)).hexadecimal
        .prefix(8))
  }

  /// Raised when the same entry gives other files.
  private static let recipe = 1
}
