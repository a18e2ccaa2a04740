public import VisionImage
import VisionSystem

/// Images with boxes to train on, to choose by and to test on.
///
/// The parts are those that the annotations name. Without images for validation, some of those to train on are held
/// back: as many of each class as their part of the images, chosen by seed and paths. Files with equal bytes stay on
/// one side.
public struct AnnotatedData: Sendable {
  /// The path as it was given: a folder, or a file of annotations.
  public let path: String
  /// The folder below which the images lie.
  public let root: String
  public let format: AnnotationFormat
  /// The names of the classes; boxes have their positions.
  public let classes: [String]
  public private(set) var training: [AnnotatedImage] = []
  public private(set) var validation: [AnnotatedImage] = []
  public private(set) var test: [AnnotatedImage] = []
  /// Where the validation images come from.
  public let split: ImageFolder.Split
  /// Images that cannot be used.
  public let skipped: [SkippedFile]
  /// What was noticed while the annotations were read.
  public let notes: [AnnotationNote]
  /// Probable mistakes, and what was decided about the parts.
  public private(set) var warnings: [String] = []
  private let choice: AnnotatedSplit
  /// The number of the group of equal files, by path.
  private let copies: [String: Int]

  /// - Parameters:
  ///   - path: what the set was read from.
  ///   - fraction: the part of the images to hold back where none are given for validation, 0..<1; nil for a fifth, of more than
  ///     2,000 images a tenth.
  ///   - seed: decides which.
  /// - Throws: `DatasetError`, `noImages` or `tooFew`, when nothing can be trained on.
  public init(_ set: AnnotationSet, path: String, validation fraction: Double? = nil, seed: UInt64 = 0)
    throws(DatasetError)
  {
    (self.path, root, format, classes, notes) = (path, set.root, set.format, set.classes, set.notes)
    let missing = set.images.filter { $0.path == nil }
    skipped =
      set.skipped + missing.map { SkippedFile(path: $0.name, code: "missing", message: "no such image") }
    let images = set.images.filter { $0.path != nil }
    let unsplit = images.count { $0.part != .test }
    choice = AnnotatedSplit(fraction: fraction ?? HeldBack.share(of: unsplit), seed: seed)
    let files = images.map { LabeledImage(path: $0.path ?? "", relativePath: $0.name, label: 0) }
    let groups = EqualFiles(files)
    copies = Dictionary(
      files.compactMap { file in groups.group(of: file).map { (file.path, $0) } },
      uniquingKeysWith: { first, _ in first })
    let parts = Set(images.map(\.part))
    let isListed = parts.contains(.train)
    guard parts.count > 1, isListed || parts.contains(nil) else {
      // Images that are all of one part are not split yet.
      split = .automatic
      training = parts.count > 1 ? images.filter { $0.part == .val } : images
      test = parts.count > 1 ? images.filter { $0.part == .test } : []
      if parts.count > 1 {
        warnings.append("there is no part to train on: the images of val are used for that")
      }
      try splitAutomatically()
      warnAboutCopies()
      return
    }
    training = images.filter { isListed ? $0.part == .train : $0.part == nil }
    validation = images.filter { $0.part == .val }
    test = images.filter { $0.part == .test }
    let unlisted = isListed ? images.count { $0.part == nil } : 0
    if unlisted > 0 {
      warnings.append(
        "\(unlisted) \(unlisted == 1 ? "image is" : "images are") in no part of the data: left out")
    }
    split = validation.isEmpty ? .automatic : .given
    if split == .automatic { try splitAutomatically() }
    warnAboutCopies()
  }

  /// Reads the annotations at a path, and splits the images.
  ///
  /// - Throws: `DatasetError` as `AnnotationSet.init` does, and when nothing can be trained on.
  public init(
    contentsOf path: String, options: AnnotationOptions = AnnotationOptions(), validation: Double? = nil,
    seed: UInt64 = 0, threads: Int? = nil
  ) throws(DatasetError) {
    try self.init(
      AnnotationSet(path, options: options, threads: threads), path: path, validation: validation, seed: seed)
  }

  /// The part of the images, 0..<1, that an automatic split holds back.
  package var fraction: Double { choice.fraction }

  /// All images, those for training first.
  public var images: [AnnotatedImage] { training + validation + test }

  /// The name of the data: that of the file of annotations, or of the folder.
  public var name: String {
    let isFile = FolderEntry.kind(of: path) == .file
    let own = isFile ? PathName.stem(PathName.last(path)) : PathName.last(PathName.normalized(path))
    // Files have the same name in every set.
    let isCommon = ["data", "dataset", "instances", "annotations", "_annotations.coco", "result"].contains(
      own)
    let name = isFile && isCommon ? PathName.last(PathName.normalized(root)) : own
    return name.isEmpty || name == "." || name == ".." || name == "/" ? "boxes" : name
  }

  /// The number of objects of each class among some images.
  public func objects(in images: [AnnotatedImage]) -> [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for image in images { for object in image.objects { counts[object.label] += 1 } }
    return counts
  }

  /// The same data with only the images for which `isUsable` is true; an automatic split is made again.
  package func filtered(_ isUsable: (AnnotatedImage) -> Bool) throws(DatasetError) -> AnnotatedData {
    var result = self
    result.training = training.filter(isUsable)
    result.validation = validation.filter(isUsable)
    result.test = test.filter(isUsable)
    if split == .automatic {
      result.training += result.validation
      result.validation = []
      try result.splitAutomatically()
    }
    return result
  }

  /// Checks that a detector can learn something.
  ///
  /// - Throws: `DatasetError` without images to train on, or without objects in them.
  public func check() throws(DatasetError) {
    guard !training.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images to train on", place: path,
        remedy: "give annotations whose images are there")
    }
    guard training.contains(where: { image in image.objects.contains(where: \.isLearned) }) else {
      throw DatasetError(
        .noImages, "no image to train on has an object", place: path,
        remedy: "annotate some objects, or check that the annotations and the images belong together")
    }
  }

  private mutating func splitAutomatically() throws(DatasetError) {
    let all = (training + validation).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let held = choice.held(all, groups: all.map { copies[$0.path ?? ""] })
    training = zip(all, held).filter { !$0.1 }.map(\.0)
    validation = zip(all, held).filter(\.1).map(\.0)
    guard choice.fraction == 0 || !validation.isEmpty || all.isEmpty else {
      throw DatasetError(
        .tooFew,
        all.count == 1
          ? "there is one image only, so that none can be held back for validation"
          : "all \(all.count) images are the same file, so that none can be held back for validation",
        place: path, remedy: "add another image, or train without validation by --validation 0")
    }
  }

  private mutating func warnAboutCopies() {
    func groups(_ images: [AnnotatedImage]) -> Set<Int> { Set(images.compactMap { copies[$0.path ?? ""] }) }
    let learned = groups(training)
    for (part, images) in [("val", validation), ("test", test)] {
      let count = images.count { image in copies[image.path ?? ""].map(learned.contains) ?? false }
      guard count > 0 else { continue }
      warnings.append(
        "\(count) \(count == 1 ? "image" : "images") of \(part) \(count == 1 ? "is" : "are") also trained on: "
          + "the same bytes are in train, so that figures on \(part) are too good")
    }
  }
}

extension AnnotatedObject {
  /// Whether a detector learns the object: neither a crowd nor a difficult one.
  package var isLearned: Bool { marks.isDisjoint(with: [.crowd, .difficult]) }
}
