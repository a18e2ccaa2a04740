import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// A check of a folder or a table of images before training.
///
/// Every file is read completely, as in training, and none is changed. The result does not depend on the
/// number of threads. The memory use is one image per thread and about 1.5 kB per file.
///
/// ```swift
/// let examination = try DatasetExamination("photos")
/// for finding in examination.findings where finding.severity == .error { print(finding.message, finding.paths) }
/// ```
public struct DatasetExamination: Sendable {
  /// The number of images of a class.
  public struct ClassCount: Sendable, Hashable {
    public let label: String
    /// The number of readable images in each split; with boxes, of those that show an object of the class.
    public let readable: [Int]
    /// The number of unreadable files in all splits.
    public let undecodable: Int
    /// The number of objects in each split; nil for images without boxes.
    public let objects: [Int]?
  }

  public struct Options: Sendable, Hashable {
    /// The side of the network's input in pixels; images smaller than half of it are reported.
    public var imageSize: Int?
    /// Whether to search for similar images in addition to equal ones.
    public var findsNearDuplicates: Bool
    /// The number of threads; nil means one per core.
    public var threads: Int?
    /// Whether slightly defective files count as unreadable; see `ImageOptions.isStrict`.
    public var isStrictDecoding: Bool
    /// The heading of a table's label column, or its number if there are no headings; nil to determine it
    /// from the table.
    public var labelColumn: String?

    public init(
      imageSize: Int? = nil, findsNearDuplicates: Bool = true, threads: Int? = nil,
      isStrictDecoding: Bool = false, labelColumn: String? = nil
    ) {
      self.isStrictDecoding = isStrictDecoding
      self.imageSize = imageSize
      self.findsNearDuplicates = findsNearDuplicates
      self.threads = threads
      self.labelColumn = labelColumn
    }
  }

  /// The folder or the table.
  public let root: String
  /// `train`, `val` and `test`, as far as they exist; `all` if training itself splits the data.
  public let splits: [String]
  /// The classes in the order of their labels.
  public let classes: [ClassCount]
  /// The findings, the most severe first, then by code and path.
  public let findings: [Finding]

  /// The number of readable images.
  public let images: Int
  /// The number of unreadable files.
  public var undecodable: Int { findings.count { $0.code == .undecodable || $0.code == .fileName } }

  /// Examines the data at `root`.
  ///
  /// - Parameter report: called with the number of files read and the total, by one thread at a time.
  /// - Throws: `DatasetError` with code `missing` or `unreadable` for `root` itself; all other obstacles to
  ///   training are findings.
  public init(
    _ root: String, options: Options = Options(),
    report: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(DatasetError) {
    let listing = try ImageListing(root, labelColumn: options.labelColumn)
    let executor = Executor(threads: options.threads)
    let images = Self.examine(
      listing.entries, isStrictDecoding: options.isStrictDecoding, executor, report)
    var classes: [ClassCount] = []
    for (index, label) in listing.labels.enumerated() {
      let own = images.filter { $0.label == index }
      classes.append(
        ClassCount(
          label: label,
          readable: listing.splits.indices.map { split in own.count { $0.split == split && $0.facts != nil }
          },
          undecodable: own.count { $0.facts == nil }, objects: nil))
    }
    var findings = listing.findings
    if let folder = listing.folder {
      let bad = Set(images.filter { $0.facts == nil }.map { Array($0.path.utf8) })
      do {
        try folder.filtered { !bad.contains(Array($0.path.utf8)) }.check()
      } catch  where error.kind != .severalLabels {
        // Contradictory lines of a table have already been reported.
        findings.append(ImageListing.finding(error))
      } catch {}
    }
    findings += ClassFindings(classes, splits: listing.splits).findings
    findings +=
      ImageFindings(
        images, labels: listing.labels, splits: listing.splits, imageSize: options.imageSize
      ).findings
    findings +=
      DuplicateFindings(
        images, labels: listing.labels, splits: listing.splits, isSplitLater: listing.isSplitLater,
        findsNear: options.findsNearDuplicates, executor: executor
      ).findings
    self.init(
      root: listing.root, splits: listing.splits, classes: classes,
      images: classes.reduce(0) { $0 + $1.readable.reduce(0, +) }, findings: Self.sorted(findings))
  }

  init(root: String, splits: [String], classes: [ClassCount], images: Int, findings: [Finding]) {
    (self.root, self.splits, self.classes, self.images) = (root, splits, classes, images)
    self.findings = findings
  }

  static func examine(
    _ entries: [ImageListing.Entry], isStrictDecoding: Bool, _ executor: Executor,
    _ report: @Sendable (Int, Int) -> Void
  ) -> [ExaminedImage] {
    var images = [ExaminedImage?](repeating: nil, count: entries.count)
    let done = Locked(0)
    images.withUnsafeMutableBufferPointer { buffer in
      // Each call writes only the element of its own image.
      nonisolated(unsafe) let images = buffer
      executor.forEach(count: entries.count) { index, _ in
        let entry = entries[index]
        let outcome: Result<ExaminedImage.Facts, ImageError>
        do throws(ImageError) {
          outcome = .success(try ExaminedImage.facts(entry.path, isStrictDecoding: isStrictDecoding))
        } catch { outcome = .failure(error) }
        images[index] = ExaminedImage(
          path: entry.path, label: entry.label, split: entry.split, outcome: outcome)
        done.withLock { done in
          done += 1
          report(done, entries.count)
        }
      }
    }
    return images.compactMap { $0 }
  }

  static func sorted(_ findings: [Finding]) -> [Finding] {
    let order = Dictionary(uniqueKeysWithValues: Finding.Code.allCases.enumerated().map { ($1, $0) })
    return findings.enumerated().sorted { a, b in
      if a.element.severity != b.element.severity { return a.element.severity > b.element.severity }
      let (x, y) = (order[a.element.code] ?? 0, order[b.element.code] ?? 0)
      if x != y { return x < y }
      let (first, second) = (a.element.paths.first ?? "", b.element.paths.first ?? "")
      if !first.utf8.elementsEqual(second.utf8) { return first.utf8.lexicographicallyPrecedes(second.utf8) }
      return a.offset < b.offset
    }.map(\.element)
  }
}
