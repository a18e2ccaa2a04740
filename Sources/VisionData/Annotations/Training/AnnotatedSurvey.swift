public import VisionImage
public import VisionSystem
import VisionTensor

/// The images of annotated data, each decoded once: which are usable, whether they are gray, the mean and standard
/// deviation of their channels, and how large the objects are.
public struct AnnotatedSurvey: Sendable {
  /// The data without the images that cannot be decoded.
  public let data: AnnotatedData
  /// Files that cannot be used; first those that the data already skipped.
  public let skipped: [SkippedFile]
  /// Files with defects that are used nevertheless.
  public let odd: [OddImage]
  /// Whether all images contain only shades of gray.
  public let isGray: Bool
  /// The means of red, green and blue over the training images, 0...1.
  public let mean: [Double]
  /// Their standard deviations.
  public let deviation: [Double]
  /// The hash of each usable image file, in the order of `data.images`.
  package let hashes: [ContentHash]

  /// Decodes every image on several threads.
  ///
  /// - Parameters:
  ///   - isStrict: whether an unusable file is an error.
  ///   - options: how images are decoded.
  ///   - isCancelled: asked between images, on the calling thread.
  ///   - report: called with the number of completed images, by one thread at a time.
  /// - Throws: `TrainingError`: that of `AnnotatedData.check` when the remaining data cannot be trained on; `skipped`
  ///   for an unusable file if `isStrict`; `interrupted` when cancelled.
  public init(
    of data: AnnotatedData, threads: Int? = nil, isStrict: Bool = false,
    options: ImageOptions = ImageOptions(),
    isCancelled: @escaping @Sendable () -> Bool = { false }, report: @Sendable (Int) -> Void = { _ in }
  ) throws(TrainingError) {
    if isStrict, let first = data.skipped.first { throw TrainingError.skipped(first) }
    let images = data.images
    let results = ImageFacts.all(
      images.map { $0.path ?? $0.name }, options: options, threads: threads, stopsAtFirstError: isStrict,
      isCancelled: isCancelled, report: report)
    var (facts, bad) = ([String: ImageFacts](), [SkippedFile]())
    for (image, result) in zip(images, results) {
      switch result {
      case .success(let found): facts[image.name] = found
      case .failure(let error): bad.append(SkippedFile(path: image.path ?? image.name, error))
      case nil: continue
      }
    }
    bad.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    if isStrict, let first = bad.first { throw TrainingError.skipped(first) }
    guard !results.contains(where: { $0 == nil }) else {
      throw TrainingError(.interrupted, "interrupted while the images were looked through")
    }
    skipped = data.skipped + bad
    odd = images.compactMap { image in
      facts[image.name]?.odd.map { OddImage(path: image.path ?? image.name, message: $0) }
    }
    do {
      self.data = try data.filtered { facts[$0.name] != nil }
      try self.data.check()
    } catch { throw TrainingError(error) }
    hashes = self.data.images.compactMap { facts[$0.name]?.hash }
    isGray = facts.values.allSatisfy(\.isGray)
    (mean, deviation) = ImageFacts.statistics(self.data.training.compactMap { facts[$0.name] })
  }
}
