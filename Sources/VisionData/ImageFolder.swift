public import VisionImage
import VisionSystem
import VisionTensor

/// Images with classes: one folder per class, folders `train`, `val` and `test` of such folders, or a table
/// of paths and labels.
///
/// Split folders may have any usual name (`Training`, `seg_test`, `valid`), and a single folder around all
/// others is skipped; notes state how names were interpreted. Files left by systems and storage devices are
/// ignored. Links to folders are followed.
///
/// Without a `val` folder, some images of each class are held back for validation: those for which the hash
/// of path and seed is below the fraction, so an image stays on its side when others are added or removed
/// (but for half of those held back, from which a network learns when there are more than 2,000 images). In a class for which this selects no image, the image with the smallest hash is held back. Files with equal
/// bytes stay on one side.
public struct ImageFolder: Sendable {
  /// The origin of the validation images.
  public enum Split: Sendable, Hashable {
    /// The user's folder or table; they are never trained on.
    case given
    /// Selected by the hash of their paths.
    case automatic
  }

  /// The folder or the table.
  public let root: String
  /// The names of the classes, sorted by bytes; the order of a model's outputs.
  public let labels: [String]
  /// The images for training, sorted by path.
  public private(set) var training: [LabeledImage]
  /// The images for choosing settings.
  public private(set) var validation: [LabeledImage]
  /// The images of `test`, which are not used for any choice.
  public private(set) var test: [LabeledImage]
  public let split: Split
  /// The fraction of images, 0..<1, that an automatic split holds back.
  public let fraction: Double
  /// The seed of an automatic split.
  public let seed: UInt64
  /// Files that cannot be used, for example because their names are not UTF-8.
  public let skipped: [SkippedFile]
  /// Sentences about what was ignored or how names were interpreted.
  public let notes: [String]
  /// Sentences about probable mistakes.
  public let warnings: [String]
  /// The notes and warnings that do not come from comparing images or labels with each other.
  let readingNotes: [String]
  let readingWarnings: [String]
  /// Images that a table lists more than once.
  let repeated: [RepeatedImage]
  /// Files of equal bytes.
  private let copies: EqualFiles

  /// Reads a folder, or a table when `root` is a file.
  ///
  /// - Parameters:
  ///   - validation: the fraction to hold back if the data has no validation images, 0..<1; 0 for none, nil for a fifth, of more
  ///     than 2,000 images a tenth.
  ///   - seed: determines which images are held back.
  ///   - labelColumn: the heading of a table's label column, or its number, starting at 1, in a table without
  ///     headings; nil to determine it from the table.
  /// - Throws: `DatasetError` when the folder does not exist, cannot be read, or contains no images; `table`
  ///   with the line if a table cannot be read, and with its columns if their meaning is unclear; `classes`
  ///   if every folder is named like a part of the data and contains no class folders.
  public init(
    _ root: String, validation fraction: Double? = nil, seed: UInt64 = 0, labelColumn: String? = nil
  ) throws(DatasetError) {
    if let fraction, !(0..<1).contains(fraction) {
      throw DatasetError(.invalidArgument, "a validation part of \(fraction) is not at least 0 and below 1")
    }
    var path = root
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let contents: FolderContents
    switch FolderEntry.kind(of: path) {
    case nil: throw DatasetError(.missing, "there is no such folder", place: path, remedy: "check the path")
    case .file?: contents = try DatasetTable.read(path, labelColumn: labelColumn)
    case .folder?:
      guard labelColumn == nil else {
        throw DatasetError(
          .invalidArgument, "a folder has no columns to take labels from", place: path,
          remedy: "name a column for a table only")
      }
      contents = try FolderContents(path)
    }
    self.root = path
    labels = contents.labels
    training = contents.training
    validation = contents.validation ?? []
    test = contents.test
    split = contents.validation == nil ? .automatic : .given
    self.fraction = fraction ?? HeldBack.share(of: contents.training.count)
    self.seed = seed
    skipped = contents.skipped
    repeated = contents.repeated
    copies = EqualFiles(contents.training + (contents.validation ?? []) + contents.test)
    let told = CopyNotes(
      copies, training: contents.training, validation: contents.validation, test: contents.test,
      labels: contents.labels, isSplit: self.fraction > 0, repeated: repeated)
    readingNotes = contents.notes
    readingWarnings = contents.warnings
    notes = contents.notes + told.notes
    warnings = contents.warnings + SimilarLabels.warnings(contents.labels) + told.warnings
    if split == .automatic { splitAutomatically() }
  }

  /// The name of the data: the last component of the path, without a table's extension.
  public var name: String {
    var name = root.split(separator: "/").last.map(String.init) ?? "data"
    for ending in [".csv", ".tsv", ".txt", ".tab", ".psv"] where name.lowercased().hasSuffix(ending) {
      name.removeLast(4)
      break
    }
    return name == "." || name == ".." || name.isEmpty ? "data" : name
  }

  /// Whether any image has several labels.
  public var isMultiLabel: Bool { images.contains { $0.labels.count > 1 } }

  /// Throws if images have several labels, for code that supports one class per image.
  ///
  /// - Throws: `DatasetError` of the kind `severalLabels` for the first such image, also if lines of a table
  ///   give an image different labels.
  public func checkSingleLabel() throws(DatasetError) {
    try checkRepeated()
    guard let image = images.first(where: { $0.labels.count > 1 }) else { return }
    let names = image.labels.map { "'\(labels[$0])'" }.joined(separator: ", ")
    throw DatasetError(
      .severalLabels, "has several labels, \(names), where one is needed", place: image.path,
      remedy: "give each image one label")
  }

  /// Throws if lines of a table contradict each other about an image.
  ///
  /// - Throws: `DatasetError` of the kind `severalLabels` for the first such image, with its labels and their
  ///   lines.
  func checkRepeated() throws(DatasetError) {
    let contradictions = repeated.filter(\.isContradictory)
    guard let first = contradictions.first else { return }
    let others = contradictions.count - 1
    throw DatasetError(
      .severalLabels,
      "the table says different things of the image: \(first.description)"
        + (others > 0 ? "; so it does of \(others) \(others == 1 ? "other" : "others")" : ""),
      place: first.path,
      remedy: "leave one line for it, or write several labels of an image in one line: image.jpg,cat;dog")
  }

  /// All images, those for training first.
  public var images: [LabeledImage] { training + validation + test }

  /// The same data with only the images for which `isUsable` is true; an automatic split is made again.
  public func filtered(_ isUsable: (LabeledImage) -> Bool) -> ImageFolder {
    var result = self
    result.training = training.filter(isUsable)
    result.validation = validation.filter(isUsable)
    result.test = test.filter(isUsable)
    if split == .automatic { result.splitAutomatically() }
    return result
  }

  /// Checks that the data can be trained on.
  ///
  /// - Throws: `DatasetError` when there are fewer than two classes, a class has no image for training,
  ///   nothing can be held back for validation, or a table gives an image different labels.
  public func check() throws(DatasetError) {
    try checkRepeated()
    guard !labels.isEmpty, !training.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images to train on", place: root,
        remedy: "give a folder with a folder of PNG or JPEG files for each class")
    }
    guard labels.count > 1 else {
      throw DatasetError(
        .oneClass, "there is only one class, '\(labels[0])', and nothing to tell it from", place: root,
        remedy: "give a folder with a folder of images for each of at least two classes")
    }
    var counts = [Int](repeating: 0, count: labels.count)
    for image in training { for label in image.labels { counts[label] += 1 } }
    if let empty = counts.firstIndex(of: 0) {
      throw DatasetError(
        .noImages, "the class '\(labels[empty])' has no image that can be trained on", place: root,
        remedy: "add images to it, or remove its folder")
    }
    if split == .automatic && fraction > 0 && validation.isEmpty {
      throw DatasetError(
        .tooFew, "every class has one image only, so that none can be held back for validation",
        place: root,
        remedy: "add a second image to the classes, or train without validation by --validation 0")
    }
  }

  private mutating func splitAutomatically() {
    let all = (training + validation).sorted {
      $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8)
    }
    let held = PathSplit(fraction: fraction, seed: seed).held(all, copies: all.map { copies.group(of: $0) })
    training = zip(all, held).filter { !$0.1 }.map(\.0)
    validation = zip(all, held).filter(\.1).map(\.0)
  }
}
