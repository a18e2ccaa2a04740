/// Something that the user should know about a dataset.
public struct Finding: Sendable, Hashable {
  /// The severity of a finding.
  public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Information; no action is needed.
    case note
    /// It may harm training or measurement.
    case warning
    /// An unusable file, data that cannot be used for training, or contradictory images.
    case error

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int { self == .error ? 2 : self == .warning ? 1 : 0 }
  }

  /// The kinds of findings, with stable names for programs, in the order of a report.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// Training would reject the data; `error` gives the reason.
    case cannotTrain
    /// The file cannot be read as an image; `error` gives the reason.
    case undecodable
    /// The name of a file or folder is not UTF-8.
    case fileName
    /// Folders named `train`, `val`, `unlabeled` or similar would be treated as classes.
    case splitsAsClasses
    /// A table lists a file more than once.
    case listedTwice
    /// Files with equal bytes: under different labels, in different splits, or neither.
    case duplicateAcrossLabels, duplicateAcrossSplits, duplicate
    /// Files with different bytes but equal pixels.
    case samePixelsAcrossLabels, samePixelsAcrossSplits, samePixels
    /// Images that show the same despite resizing, recompression, a change of brightness or a slight crop.
    case nearDuplicateAcrossLabels, nearDuplicateAcrossSplits, nearDuplicate
    /// The file extension does not match the file's format.
    case wrongExtension
    /// Colors for printing, which are converted without their profile.
    case cmyk
    /// Images with few pixels, with very many, and with a very elongated shape.
    case tiny, huge, longSided
    /// Classes of very different sizes, with few images, or without images in a split.
    case imbalance, fewImages, missingInSplit
    /// What was noticed while annotations were read.
    case annotations
    /// Images turned by EXIF, and images that look turned against their boxes.
    case turned
    /// Equal files with different boxes.
    case differentBoxes
    /// Boxes of one class that nearly cover each other.
    case doubleBoxes
    /// Objects that are too small in the input of a detector.
    case smallObjects
    /// Classes with few objects.
    case fewObjects
    /// Entries that training ignores: folders without images, folders that are not splits, images outside
    /// class folders, hidden entries, files left by systems and storage devices (thumbnails, trash), files
    /// that are not images, and links to folders that are already read.
    case emptyFolder, unknownFolder, noClass, hidden, litter, notAnImage, link
    /// An image that is rotated to upright according to its EXIF or XMP data, and such data that is damaged.
    case rotated, brokenMetadata
    /// A file with a small defect that has nevertheless all its pixels.
    case oddFile
    /// Information that is lost when an image is read: the low bytes of samples, transparency, all frames
    /// after the first.
    case sixteenBit, transparent, animated
    /// Colors from a palette.
    case palette
    /// The few gray images among many in color, or the reverse.
    case grayAmongColor, colorAmongGray
    /// Other remarks that occurred while the data was read.
    case ignored
    /// The search for near duplicates was restricted, because too many images look alike.
    case searchNarrowed
  }

  public let severity: Severity
  public let code: Code
  /// The code of the underlying error, such as `truncated`; nil for most findings.
  public let error: String?
  /// The files or folders, sorted by bytes; bytes that are not UTF-8 are replaced.
  public let paths: [String]
  /// The labels and splits concerned, in the order of the examination.
  public let labels: [String]
  public let splits: [String]
  /// A description, as a sentence without a final period.
  public let message: String
  /// What the user can do about it.
  public let remedy: String

  init(
    _ severity: Severity, _ code: Code, error: String? = nil, paths: [String], labels: [String] = [],
    splits: [String] = [], _ message: String, remedy: String
  ) {
    self.severity = severity
    self.code = code
    self.error = error
    self.paths = paths
    self.labels = labels
    self.splits = splits
    self.message = message
    self.remedy = remedy
  }
}
