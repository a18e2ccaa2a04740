public import VisionImage
import VisionSystem
import VisionTensor

/// Images with a class each: a folder a class, folders `train`, `val` and `test` of such, or a table of paths and
/// labels.
///
/// The folders of parts may be called in any usual way (`Training`, `seg_test`, `valid`), and one folder that alone holds
/// the others is seen through; notes say what was taken for what. What systems and storage boxes leave beside the
/// images is left out. Links to folders are followed.
///
/// Without a `val` folder some images of each class are held back for validation: those whose path, hashed with the
/// seed, falls below the fraction, so that an image stays on its side when others are added or removed. A class that
/// would be left without gives the image with its smallest hash. Files of equal bytes stay on one side.
public struct ImageFolder: Sendable {
  /// Where the validation images come from.
  public enum Split: Sendable, Hashable {
    /// From a folder of the user's, or the table's; they are never trained on.
    case given
    /// From the hash of their paths.
    case automatic
  }

  /// The folder or the table.
  public let root: String
  /// The names of the classes, sorted bytewise; the order of a model's outputs.
  public let labels: [String]
  /// The images to train on, sorted by path.
  public private(set) var training: [LabeledImage]
  /// The images to choose settings on.
  public private(set) var validation: [LabeledImage]
  /// The images of `test`, which nothing is chosen on.
  public private(set) var test: [LabeledImage]
  public let split: Split
  /// The part of the images, 0..<1, that an automatic split holds back.
  public let fraction: Double
  /// The seed of an automatic split.
  public let seed: UInt64
  /// Files that cannot be used, such as those whose name is no text.
  public let skipped: [SkippedFile]
  /// What was ignored or taken for something, a sentence each.
  public let notes: [String]
  /// What is probably not as it was meant, a sentence each.
  public let warnings: [String]
  /// Those of the notes and warnings that do not compare images or labels with each other.
  let readingNotes: [String]
  let readingWarnings: [String]
  /// Images that a table names more than once.
  let repeated: [RepeatedImage]
  /// Files of equal bytes.
  private let copies: EqualFiles

  /// Looks through a folder, or reads a table when `root` is a file.
  ///
  /// - Parameters:
  ///   - validation: the part to hold back where no validation images are given, 0..<1; 0 for none.
  ///   - seed: another seed holds back others.
  ///   - labelColumn: the heading of the column of a table that holds the labels, or its number, from 1, in a table
  ///     without headings; nil where the table itself tells.
  /// - Throws: `DatasetError` when there is no such folder, it cannot be read, or there are no images; `table` with the
  ///   line where a table cannot be read, and with its columns where it is not clear what these mean; `classes` where
  ///   every folder is called like a part of the data and holds no class folders.
  public init(
    _ root: String, validation fraction: Double = 0.2, seed: UInt64 = 0, labelColumn: String? = nil
  ) throws(DatasetError) {
    guard fraction >= 0, fraction < 1 else {
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
    self.fraction = fraction
    self.seed = seed
    skipped = contents.skipped
    repeated = contents.repeated
    copies = EqualFiles(contents.training + (contents.validation ?? []) + contents.test)
    let told = CopyNotes(
      copies, training: contents.training, validation: contents.validation, test: contents.test,
      labels: contents.labels, isSplit: fraction > 0, repeated: repeated)
    readingNotes = contents.notes
    readingWarnings = contents.warnings
    notes = contents.notes + told.notes
    warnings = contents.warnings + SimilarLabels.warnings(contents.labels) + told.warnings
    if split == .automatic { splitAutomatically() }
  }

  /// The name of the data: the last component of the path, without the ending of a table.
  public var name: String {
    var name = root.split(separator: "/").last.map(String.init) ?? "data"
    for ending in [".csv", ".tsv", ".txt", ".tab", ".psv"] where name.lowercased().hasSuffix(ending) {
      name.removeLast(4)
      break
    }
    return name == "." || name == ".." || name.isEmpty ? "data" : name
  }

  /// Whether some image has several labels.
  public var isMultiLabel: Bool { images.contains { $0.labels.count > 1 } }

  /// Refuses data with several labels an image, for what tells one class only.
  ///
  /// - Throws: `DatasetError` with the kind `severalLabels`, naming the first such image; also where lines of a table
  ///   give one image different labels.
  public func checkSingleLabel() throws(DatasetError) {
    try checkRepeated()
    guard let image = images.first(where: { $0.labels.count > 1 }) else { return }
    let names = image.labels.map { "'\(labels[$0])'" }.joined(separator: ", ")
    throw DatasetError(
      .severalLabels, "has several labels, \(names), where one is needed", place: image.path,
      remedy: "give each image one label")
  }

  /// Refuses a table whose lines say different things of one image.
  ///
  /// - Throws: `DatasetError` with the kind `severalLabels`, naming the first such image, its labels and their lines.
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

  /// Every image, those to train on first.
  public var images: [LabeledImage] { training + validation + test }

  /// The same data without the images that `isUsable` refuses; an automatic split is made anew.
  public func filtered(_ isUsable: (LabeledImage) -> Bool) -> ImageFolder {
    var result = self
    result.training = training.filter(isUsable)
    result.validation = validation.filter(isUsable)
    result.test = test.filter(isUsable)
    if split == .automatic { result.splitAutomatically() }
    return result
  }

  /// Checks that there is something to learn.
  ///
  /// - Throws: `DatasetError` for fewer than two classes, for a class without an image to train on, and for a table that
  ///   gives one image different labels.
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
