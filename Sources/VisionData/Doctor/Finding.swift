/// Something that a person should know about a data set.
public struct Finding: Sendable, Hashable {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Good to know; nothing need be done.
    case note
    /// It may harm what is learned or measured.
    case warning
    /// A file that cannot be used, data that cannot be trained on, or images that contradict each other.
    case error

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int { self == .error ? 2 : self == .warning ? 1 : 0 }
  }

  /// The kinds of finding, named stably for machines, in the order of a report.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// Training would refuse the data; `error` names why.
    case cannotTrain
    /// A file that cannot be read as an image; `error` names why.
    case undecodable
    /// A file or a folder whose name is not UTF-8.
    case fileName
    /// Folders called `train`, `val`, `unlabeled` or the like that training takes for classes.
    case splitsAsClasses
    /// A table that names one file more than once.
    case listedTwice
    /// Files of equal bytes, by where they lie: under different labels, in different splits, or neither.
    case duplicateAcrossLabels, duplicateAcrossSplits, duplicate
    /// Files of different bytes and equal pixels.
    case samePixelsAcrossLabels, samePixelsAcrossSplits, samePixels
    /// Images that show the same after resizing, recompression, a change of brightness or a slight crop.
    case nearDuplicateAcrossLabels, nearDuplicateAcrossSplits, nearDuplicate
    /// A name that promises another format than the file has.
    case wrongExtension
    /// Colors for print, converted without their profile.
    case cmyk
    /// Images of few pixels, of very many, and very long ones.
    case tiny, huge, longSided
    /// Classes of very different size, with few images, or without any in a split.
    case imbalance, fewImages, missingInSplit
    /// What training leaves out: folders without images, folders that are no split, images in no class, hidden
    /// entries, what systems and storage boxes leave (thumbnails, bins), files that are no images, links to folders
    /// that are read already.
    case emptyFolder, unknownFolder, noClass, hidden, litter, notAnImage, link
    /// An image that is turned upright because its EXIF or XMP data says so, and such data that is broken.
    case rotated, brokenMetadata
    /// A file that is not quite as it should be, though every pixel is there.
    case oddFile
    /// What is lost or changed when an image is read: low bytes, transparency, all frames but the first.
    case sixteenBit, transparent, animated
    /// Colors from a palette.
    case palette
    /// The few gray images among many in color, and the other way round.
    case grayAmongColor, colorAmongGray
    /// Something else that reading the data tells.
    case ignored
    /// The search for near duplicates was narrowed, since too many images look alike.
    case searchNarrowed
  }

  public let severity: Severity
  public let code: Code
  /// The code of the error behind it, such as `truncated`; nil for most.
  public let error: String?
  /// The files or folders, sorted bytewise; bytes that are not UTF-8 are replaced.
  public let paths: [String]
  /// The labels and the splits concerned, in the order of the examination's.
  public let labels: [String]
  public let splits: [String]
  /// What is so, as a sentence without a full stop.
  public let message: String
  /// What to do about it.
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
