import VisionTensor

/// Pictures with a class each: a folder a class, folders `train`, `val` and `test` of such, or a table of paths and
/// labels.
///
/// Without a `val` folder some pictures of each class are held back for validation: those whose path, hashed with the
/// seed, falls below the fraction, so that a picture stays on its side when others are added or removed. A class that
/// would be left without gives the picture with its smallest hash.
public struct ImageFolder: Sendable {
  /// Where the validation pictures come from.
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
  /// The pictures to train on, sorted by path.
  public private(set) var training: [LabelledPicture]
  /// The pictures to choose settings on.
  public private(set) var validation: [LabelledPicture]
  /// The pictures of `test`, which nothing is chosen on.
  public private(set) var test: [LabelledPicture]
  public let split: Split
  /// The part of the pictures, 0..<1, that an automatic split holds back.
  public let fraction: Double
  /// The seed of an automatic split.
  public let seed: UInt64
  /// Files that cannot be used, such as those whose name is no text.
  public let skipped: [SkippedFile]
  /// What was ignored, a sentence each.
  public let notes: [String]

  /// Looks through a folder, or reads a table when `root` is a file.
  ///
  /// - Parameters:
  ///   - validation: the part to hold back where no validation pictures are given, 0..<1; 0 for none.
  ///   - seed: another seed holds back others.
  /// - Throws: `DatasetError` when there is no such folder, it cannot be read, or there are no pictures.
  public init(_ root: String, validation fraction: Double = 0.2, seed: UInt64 = 0) throws(DatasetError) {
    guard fraction >= 0, fraction < 1 else {
      throw DatasetError(.invalidArgument, "a validation part of \(fraction) is not at least 0 and below 1")
    }
    var path = root
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let contents: FolderContents
    switch FolderEntry.kind(of: path) {
    case nil: throw DatasetError(.missing, "there is no such folder", place: path, remedy: "check the path")
    case .file?: contents = try DatasetTable.read(path)
    case .folder?: contents = try FolderContents(path)
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
    notes = contents.notes
    if split == .automatic { splitAutomatically() }
  }

  /// The name of the data: the last component of the path, without the ending of a table.
  public var name: String {
    var name = root.split(separator: "/").last.map(String.init) ?? "data"
    if name.hasSuffix(".csv") { name.removeLast(4) }
    return name == "." || name == ".." || name.isEmpty ? "data" : name
  }

  /// Whether some picture has several labels.
  public var isMultiLabel: Bool { pictures.contains { $0.labels.count > 1 } }

  /// Refuses data with several labels a picture, for what tells one class only.
  ///
  /// - Throws: `DatasetError` with the kind `severalLabels`, naming the first such picture.
  public func checkSingleLabel() throws(DatasetError) {
    guard let picture = pictures.first(where: { $0.labels.count > 1 }) else { return }
    let names = picture.labels.map { "'\(labels[$0])'" }.joined(separator: ", ")
    throw DatasetError(
      .severalLabels, "has several labels, \(names), where one is needed", place: picture.path,
      remedy: "give each picture one label")
  }

  /// Every picture, those to train on first.
  public var pictures: [LabelledPicture] { training + validation + test }

  /// The same data without the pictures that `isUsable` refuses; an automatic split is made anew.
  public func filtered(_ isUsable: (LabelledPicture) -> Bool) -> ImageFolder {
    var result = self
    result.training = training.filter(isUsable)
    result.validation = validation.filter(isUsable)
    result.test = test.filter(isUsable)
    if split == .automatic { result.splitAutomatically() }
    return result
  }

  /// Checks that there is something to learn.
  ///
  /// - Throws: `DatasetError` for fewer than two classes, and for a class without a picture to train on.
  public func check() throws(DatasetError) {
    guard !labels.isEmpty, !training.isEmpty else {
      throw DatasetError(
        .noPictures, "there are no pictures to train on", place: root,
        remedy: "give a folder with a folder of PNG or JPEG files for each class")
    }
    guard labels.count > 1 else {
      throw DatasetError(
        .oneClass, "there is only one class, '\(labels[0])', and nothing to tell it from", place: root,
        remedy: "give a folder with a folder of pictures for each of at least two classes")
    }
    var counts = [Int](repeating: 0, count: labels.count)
    for picture in training { for label in picture.labels { counts[label] += 1 } }
    if let empty = counts.firstIndex(of: 0) {
      throw DatasetError(
        .noPictures, "the class '\(labels[empty])' has no picture that can be trained on", place: root,
        remedy: "add pictures to it, or remove its folder")
    }
    if split == .automatic && fraction > 0 && validation.isEmpty {
      throw DatasetError(
        .tooFew, "every class has one picture only, so that none can be held back for validation",
        place: root,
        remedy: "add a second picture to the classes, or train without validation by --validation 0")
    }
  }

  private mutating func splitAutomatically() {
    let all = (training + validation).sorted {
      $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8)
    }
    let held = PathSplit(fraction: fraction, seed: seed).held(all)
    training = zip(all, held).filter { !$0.1 }.map(\.0)
    validation = zip(all, held).filter(\.1).map(\.0)
  }
}
