public import VisionSystem
public import VisionImage
public import VisionTensor

/// Image samples: read through a cache, augmented by a policy, preprocessed for the network.
public struct ImageBatchSource: BatchSource {
  public let images: [LabeledImage]
  /// K, the number of classes.
  public let targetCount: Int
  public let preprocessing: Preprocessing
  /// The augmentation of the images; `none` for evaluation.
  public let augmentation: AugmentationPolicy
  public let cache: ImageCache
  /// Whether images may have several labels; a target then has a 1 for each label.
  public let hasTargets: Bool

  /// Creates a source of images whose labels are in 0..<classes.
  ///
  /// - Parameter isMultiLabel: whether targets are written for all images, as is necessary for several labels
  ///   per image; by default true if the labels of any image require it.
  /// - Throws: `TrainingError` with code `noImages` for an empty list, and `label` for a label out of range.
  public init(
    _ images: [LabeledImage], classes: Int, preprocessing: Preprocessing,
    augmentation: AugmentationPolicy = .none, cache: ImageCache = ImageCache(byteBudget: 0),
    isMultiLabel: Bool? = nil
  ) throws(TrainingError) {
    guard !images.isEmpty else { throw TrainingError(.noImages, "there are no images to read") }
    for image in images {
      guard image.labels.allSatisfy({ (0..<classes).contains($0) }) else {
        throw TrainingError(.label, "its label is not one of the \(classes) classes", place: image.path)
      }
    }
    self.images = images
    targetCount = classes
    self.preprocessing = preprocessing
    self.augmentation = augmentation
    self.cache = cache
    hasTargets = isMultiLabel ?? images.contains { $0.labels.count != 1 }
  }

  public var count: Int { images.count }
  public var sampleShape: Shape { [preprocessing.channels.count, preprocessing.height, preprocessing.width] }

  public func label(of sample: Int) -> Int { images[sample].label }

  public func writeTarget(of sample: Int, into target: UnsafeMutableBufferPointer<Float>) {
    target.update(repeating: 0)
    for label in images[sample].labels { target[label] = 1 }
  }

  public func makeReader(seed: UInt64) -> any SampleReader { Reader(source: self, seed: seed) }

  private final class Reader: SampleReader {
    private let source: ImageBatchSource
    private let seed: UInt64
    private let canvas = AugmentationCanvas()

    init(source: ImageBatchSource, seed: UInt64) { (self.source, self.seed) = (source, seed) }

    func read(
      _ sample: Int, epoch: Int, into input: UnsafeMutableBufferPointer<Float>
    ) throws(TrainingError) {
      do {
        let image = try source.cache.image(
          at: source.images[sample].path, for: source.preprocessing)
        try source.preprocessing.write(
          image, augmentedBy: source.augmentation,
          AugmentationKey(seed: seed, epoch: epoch, sample: sample), into: input, canvas: canvas)
      } catch {
        var told = TrainingError(error)
        told.place = error.place ?? source.images[sample].path
        told.remedy = error.remedy ?? "put the file back as it was, or leave it out and train anew"
        throw told
      }
    }
  }
}
