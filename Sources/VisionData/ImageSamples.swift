public import VisionSystem
public import VisionImage
public import VisionTensor

/// Images in files as samples: read through a cache, changed by a policy, prepared for the network.
public struct ImageSamples: SampleSource, TensorSource {
  public let images: [LabeledImage]
  /// K, the number of classes.
  public let classes: Int
  public let preprocessing: Preprocessing
  /// What changes the images; `none` for evaluation.
  public let augmentation: AugmentationPolicy
  public let cache: ImageCache
  /// What the network should give: the class (int64), or where images have several labels a 1 for each of them (float32 K).
  public let target: BatchTarget

  /// Takes images whose labels are in 0..<classes.
  ///
  /// - Parameter isMultiLabel: whether targets have a number for each label, as several labels at once need them; by
  ///   default whether any image has several.
  /// - Throws: `TrainingError` with code `noImages` for none, and `label` for a label outside.
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
    self.classes = classes
    self.preprocessing = preprocessing
    self.augmentation = augmentation
    self.cache = cache
    target = isMultiLabel ?? images.contains { $0.labels.count != 1 } ? .distribution : .classes
  }

  public var count: Int { images.count }

  public var specs: [TensorSpec] {
    let sides = [preprocessing.channels.count, preprocessing.height, preprocessing.width]
    return [
      TensorSpec(name: "input", shape: sides.map { .fixed($0) }, mixing: .linear),
      target == .classes
        ? TensorSpec(name: "target", type: .int64, shape: [], mixing: .classes(classes))
        : TensorSpec(name: "target", shape: [.fixed(classes)], mixing: .linear),
    ]
  }

  public var classCounts: [Int]? {
    images.reduce(into: [Int](repeating: 0, count: classes)) { counts, image in
      for label in image.labels { counts[label] += 1 }
    }
  }

  public func sample(_ index: Int) throws(TrainingError) -> Sample<Image, ClassLabel> {
    let image = images[index]
    do {
      return Sample(
        name: image.relativePath, subject: try cache.image(at: image.path, for: preprocessing),
        truth: ClassLabel(image.labels))
    } catch { throw Self.told(error, image) }
  }

  public func makeReader(seed: UInt64) -> any TensorReader { Reader(source: self, seed: seed) }

  private static func told(_ error: ImageError, _ image: LabeledImage) -> TrainingError {
    var told = TrainingError(error)
    told.place = error.place ?? image.path
    told.remedy = error.remedy ?? "put the file back as it was, or leave it out and train anew"
    return told
  }

  private final class Reader: TensorReader {
    private let source: ImageSamples
    private let seed: UInt64
    private let canvas = AugmentationCanvas()

    init(source: ImageSamples, seed: UInt64) { (self.source, self.seed) = (source, seed) }

    func read(_ index: Int, epoch: Int, into slots: borrowing TensorSlots) throws(TrainingError) {
      let sample = try source.sample(index)
      do {
        try source.preprocessing.write(
          sample.subject, augmentedBy: source.augmentation,
          AugmentationKey(seed: seed, epoch: epoch, sample: index), into: slots.floats(0), canvas: canvas)
      } catch { throw ImageSamples.told(error, source.images[index]) }
      let labels = sample.truth?.classes ?? []
      if source.target == .classes {
        slots.integers(1)[0] = Int64(labels[0])
      } else {
        slots.fill(1)
        for label in labels { slots.floats(1)[label] = 1 }
      }
    }
  }
}
