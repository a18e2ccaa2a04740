public import VisionImage
public import VisionSystem
import VisionTensor

/// The properties of a folder's images, each decoded once: which are usable, their sizes, whether they are
/// gray, and the mean and standard deviation of their channels.
public struct FolderSurvey: Sendable {
  /// The data without the images that cannot be decoded.
  public let data: ImageFolder
  /// Files that cannot be used; first those that the folder already skipped.
  public let skipped: [SkippedFile]
  /// Files with defects that are used nevertheless.
  public let odd: [OddImage]
  /// The size of at least nine in ten training images; nil when no size is that common.
  public let commonSize: ImageSize?
  /// The median of the training images' shorter sides, in pixels.
  public let shorterSide: Int
  /// Whether all images contain only shades of gray.
  public let isGray: Bool
  /// The means of red, green and blue over the training images, 0...1.
  public let mean: [Double]
  /// Their standard deviations.
  public let deviation: [Double]
  /// The hash of each usable image file, in the order of `data.images`.
  package let hashes: [ContentHash]

  /// Decodes every image of `folder` on several threads.
  ///
  /// - Parameters:
  ///   - isStrict: whether an unusable file is an error.
  ///   - options: how images are decoded.
  ///   - isCancelled: asked between images, on the calling thread.
  ///   - report: called with the number of completed images, by one thread at a time.
  /// - Throws: `TrainingError`: that of `ImageFolder.check` when the remaining data cannot be trained on;
  ///   `skipped` for an unusable file if `isStrict`; `interrupted` when cancelled.
  public init(
    of folder: ImageFolder, threads: Int? = nil, isStrict: Bool = false,
    options: ImageOptions = ImageOptions(), isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (Int) -> Void = { _ in }
  ) throws(TrainingError) {
    if isStrict, let first = folder.skipped.first { throw TrainingError.skipped(first) }
    let images = folder.images
    let results = ImageFacts.all(
      images.map(\.path), options: options, threads: threads, stopsAtFirstError: isStrict,
      isCancelled: isCancelled, report: report)
    try self.init(folder, results, isStrict)
  }

  private init(_ folder: ImageFolder, _ results: [Result<ImageFacts, ImageError>?], _ isStrict: Bool)
    throws(TrainingError)
  {
    var facts: [LabeledImage: ImageFacts] = [:]
    var bad: [SkippedFile] = []
    for (image, result) in zip(folder.images, results) {
      switch result {
      case .success(let found): facts[image] = found
      case .failure(let error): bad.append(SkippedFile(path: image.path, error))
      case nil: continue
      }
    }
    bad.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    if isStrict, let first = bad.first { throw TrainingError.skipped(first) }
    guard !results.contains(where: { $0 == nil }) else {
      throw TrainingError(.interrupted, "interrupted while the images were looked through")
    }
    skipped = folder.skipped + bad
    odd = folder.images.compactMap { image in
      facts[image]?.odd.map { OddImage(path: image.path, message: $0) }
    }
    data = folder.filtered { facts[$0] != nil }
    do {
      try data.check()
    } catch { throw TrainingError(error.afterReading(data)) }
    hashes = data.images.compactMap { facts[$0]?.hash }
    let training = data.training.compactMap { facts[$0] }
    commonSize = Self.commonSize(training)
    shorterSide = training.map { min($0.width, $0.height) }.sorted()[training.count / 2]
    isGray = facts.values.allSatisfy(\.isGray)
    (mean, deviation) = ImageFacts.statistics(training)
  }

  private static func commonSize(_ facts: [ImageFacts]) -> ImageSize? {
    var counts: [ImageSize: Int] = [:]
    for image in facts {
      counts[ImageSize(width: image.width, height: image.height), default: 0] += 1
    }
    return counts.first { $0.value * 10 >= facts.count * 9 }?.key
  }
}
