public import VisionData
public import VisionImage
public import VisionSystem
public import VisionTensor
import VisionTraining

/// Images with boxes as samples: read through a cache, changed in training, prepared for the network.
public struct BoxSamples: SampleSource, TensorSource {
  public let images: [AnnotatedImage]
  public let preprocessing: Preprocessing
  /// What changes the images; `none` for evaluation.
  public let augmentation: BoxAugmentation
  /// The tensor of the boxes.
  public let boxes: BoxTarget
  public let cache: ImageCache
  private let truths: [BoxTruth]
  /// The images with objects that can be cut out.
  let outlined: [Int]

  /// - Parameters:
  ///   - images: with files.
  ///   - boxes: with the capacity that the task has; by default that which these images need.
  /// - Throws: `TrainingError` with code `noImages` for none, and for one without a file.
  public init(
    _ images: [AnnotatedImage], preprocessing: Preprocessing, augmentation: BoxAugmentation = .none,
    boxes: BoxTarget? = nil, cache: ImageCache = ImageCache(byteBudget: 0)
  ) throws(TrainingError) {
    guard !images.isEmpty else { throw TrainingError(.noImages, "there are no images to read") }
    if let image = images.first(where: { $0.path == nil }) {
      throw TrainingError(.noImages, "there is no file of the image", place: image.name)
    }
    (self.images, self.preprocessing, self.augmentation) = (images, preprocessing, augmentation)
    self.boxes = boxes ?? BoxTarget(capacity: Self.capacity(images, augmentation))
    self.cache = cache
    truths = images.map { BoxTruth($0) }
    outlined = images.indices.filter { images[$0].objects.contains { $0.isLearned && $0.outline != nil } }
    guard augmentation.paste == 0 || !outlined.isEmpty else {
      throw TrainingError(
        .settings, "no object has an outline by which it could be cut out and pasted", place: "copy-paste",
        remedy: "omit copy-paste, or give annotations with polygons or masks")
    }
  }

  /// The most objects that a sample of these images can have: of as many images as augmentation puts together.
  public static func capacity(_ images: [AnnotatedImage], _ augmentation: BoxAugmentation = .none) -> Int {
    (images.lazy.map(\.objects.count).max() ?? 0) * augmentation.imagesOfASample
  }

  public var count: Int { images.count }

  public var specs: [TensorSpec] {
    let sides = [preprocessing.channels.count, preprocessing.height, preprocessing.width]
    return [TensorSpec(name: "input", shape: sides.map { .fixed($0) }, mixing: .linear), boxes.spec]
  }

  public func sample(_ index: Int) throws(TrainingError) -> Sample<Image, BoxTruth> {
    let annotated = images[index]
    let path = annotated.path ?? annotated.name
    let image: Image
    do { image = try cache.image(at: path, for: preprocessing) } catch { throw Self.told(error, path) }
    guard (image.wholeWidth, image.wholeHeight) == (annotated.width, annotated.height) else {
      throw TrainingError(
        .dataChanged,
        "the image has \(image.wholeWidth)×\(image.wholeHeight) pixels, and its boxes are of one of \(annotated.width)×\(annotated.height)",
        place: path, remedy: "put the file back as it was, or train anew")
    }
    return Sample(name: annotated.name, subject: image, truth: truths[index])
  }

  private static func told(_ error: ImageError, _ path: String) -> TrainingError {
    var told = TrainingError(error)
    told.place = error.place ?? path
    told.remedy = error.remedy ?? "put the file back as it was, or leave it out and train anew"
    return told
  }

  public func makeReader(seed: UInt64) -> any TensorReader { Reader(self, seed: seed) }

  /// The training images of data as a detector with these changes would see them.
  ///
  /// - Parameters:
  ///   - size: of the input; nil for that which suits the data.
  ///   - mosaic: the part of the samples that show four images; nil for that of the preset.
  ///   - mixup: the α of MixUp.
  ///   - paste: the part of the samples into which objects are pasted.
  package static func preview(
    _ data: AnnotatedData, size: ImageSize?, _ preset: AugmentationPreset, mosaic: Double? = nil,
    mixup: Double = 0, paste: Double = 0
  ) throws(TrainingError) -> BoxSamples {
    let size = size ?? data.detectorInput
    let preprocessing: Preprocessing
    do {
      preprocessing = try Preprocessing(
        width: size.width, height: size.height, fit: .letterbox(fill: DetectorStart.around), filter: .bilinear
      )
    } catch { throw TrainingError(error) }
    var changes = BoxAugmentation(
      preset, content: ImageContent(labels: data.classes, areGray: false),
      epochs: BoxDefaults.epochs(data.training.count))
    (changes.mosaic, changes.mixup, changes.paste) = (mosaic ?? changes.mosaic, mixup, paste)
    return try BoxSamples(data.training, preprocessing: preprocessing, augmentation: changes)
  }

  /// The same images as they are at inference.
  package func unchanged() throws(TrainingError) -> BoxSamples {
    try BoxSamples(images, preprocessing: preprocessing, cache: cache)
  }

  /// A sample as training sees it: the network's image before normalization, and the boxes in it.
  package func augmented(_ key: AugmentationKey) throws(TrainingError) -> (image: Image, truth: BoxTruth) {
    let composer = BoxComposer(self, augmentation)
    do {
      guard augmentation != .none else {
        let sample = try sample(key.sample)
        let image = sample.subject
        let geometry = preprocessing.geometry(width: image.wholeWidth, height: image.wholeHeight)
        return (try preprocessing.image(of: image), (sample.truth ?? BoxTruth([])).placed(by: geometry))
      }
      let truth = try composer.compose(key)
      return (try preprocessing.image(on: composer.canvas), truth)
    } catch { throw TrainingError.wrapping(error) }
  }

  private final class Reader: TensorReader {
    private let source: BoxSamples
    private let seed: UInt64
    private let composer: BoxComposer?
    private let scratch = PreprocessingScratch()

    init(_ source: BoxSamples, seed: UInt64) {
      (self.source, self.seed) = (source, seed)
      composer = source.augmentation == .none ? nil : BoxComposer(source, source.augmentation)
    }

    func read(_ index: Int, epoch: Int, into slots: borrowing TensorSlots) throws(TrainingError) {
      let truth: BoxTruth
      if let composer {
        truth = try composer.compose(AugmentationKey(seed: seed, epoch: epoch, sample: index))
        do { try source.preprocessing.write(composer.canvas, into: slots.floats(0)) } catch {
          throw TrainingError(error).at(source.images[index].name)
        }
      } else {
        let sample = try source.sample(index)
        do {
          let geometry = try source.preprocessing.write(
            sample.subject, into: slots.floats(0), layout: .nchw, scratch: scratch)
          truth = (sample.truth ?? BoxTruth([])).placed(by: geometry)
        } catch { throw BoxSamples.told(error, source.images[index].path ?? sample.name) }
      }
      try source.boxes.write(truth, into: slots.floats(1))
    }
  }
}
