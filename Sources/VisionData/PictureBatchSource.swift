public import VisionSystem
public import VisionImage
public import VisionTensor

/// Pictures as samples: read through a cache, changed by a policy, prepared for the network.
public struct PictureBatchSource: BatchSource {
  public let pictures: [LabelledPicture]
  /// K, the number of classes.
  public let targetCount: Int
  public let preprocessing: Preprocessing
  /// What changes the pictures; `none` for evaluation.
  public let augmentation: AugmentationPolicy
  public let cache: PictureCache
  /// Whether a picture has several labels: targets then have a 1 for each.
  public let hasTargets: Bool

  /// Takes pictures whose labels are in 0..<classes.
  ///
  /// - Parameter isMultiLabel: whether targets are written for all pictures, as several labels at once need them; by
  ///   default whether any picture has several.
  /// - Throws: `TrainingError` with code `noPictures` for none, and `label` for a label outside.
  public init(
    _ pictures: [LabelledPicture], classes: Int, preprocessing: Preprocessing,
    augmentation: AugmentationPolicy = .none, cache: PictureCache = PictureCache(byteBudget: 0),
    isMultiLabel: Bool? = nil
  ) throws(TrainingError) {
    guard !pictures.isEmpty else { throw TrainingError(.noPictures, "there are no pictures to read") }
    for picture in pictures {
      guard picture.labels.allSatisfy({ (0..<classes).contains($0) }) else {
        throw TrainingError(.label, "its label is not one of the \(classes) classes", place: picture.path)
      }
    }
    self.pictures = pictures
    targetCount = classes
    self.preprocessing = preprocessing
    self.augmentation = augmentation
    self.cache = cache
    hasTargets = isMultiLabel ?? pictures.contains { $0.labels.count != 1 }
  }

  public var count: Int { pictures.count }
  public var sampleShape: Shape { [preprocessing.channels.count, preprocessing.height, preprocessing.width] }

  public func label(of sample: Int) -> Int { pictures[sample].label }

  public func writeTarget(of sample: Int, into target: UnsafeMutableBufferPointer<Float>) {
    target.update(repeating: 0)
    for label in pictures[sample].labels { target[label] = 1 }
  }

  public func makeReader(seed: UInt64) -> any SampleReader { Reader(source: self, seed: seed) }

  private final class Reader: SampleReader {
    private let source: PictureBatchSource
    private let seed: UInt64
    private let canvas = AugmentationCanvas()

    init(source: PictureBatchSource, seed: UInt64) { (self.source, self.seed) = (source, seed) }

    func read(
      _ sample: Int, epoch: Int, into input: UnsafeMutableBufferPointer<Float>
    ) throws(TrainingError) {
      do {
        let image = try source.cache.image(
          at: source.pictures[sample].path, for: source.preprocessing)
        try source.preprocessing.write(
          image, augmentedBy: source.augmentation,
          AugmentationKey(seed: seed, epoch: epoch, sample: sample), into: input, canvas: canvas)
      } catch {
        var told = TrainingError(error)
        told.place = error.place ?? source.pictures[sample].path
        told.remedy = error.remedy ?? "put the file back as it was, or leave it out and train anew"
        throw told
      }
    }
  }
}
