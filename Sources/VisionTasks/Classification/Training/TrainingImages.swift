import VisionData
import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// The images of a training: those to train on are augmented anew in each epoch, the others are not changed.
struct TrainingImages: Sendable {
  private let data: ImageFolder
  private let preprocessing: Preprocessing
  private let policy: AugmentationPolicy
  /// Decoded images of both parts, which may take an eighth of the memory limit.
  private let cache = ImageCache(byteBudget: MachineMemory.limit / 8)

  /// - Parameter augmentation: how much the training images are augmented.
  init(
    _ data: ImageFolder, _ preprocessing: Preprocessing, _ augmentation: AugmentationPreset, isGray: Bool
  ) {
    self.data = data
    self.preprocessing = preprocessing
    policy = AugmentationPolicy(
      augmentation, width: preprocessing.width, height: preprocessing.height,
      content: ImageContent(labels: data.labels, areGray: isGray))
  }

  /// The training samples.
  func training() throws(TrainingError) -> ImageSamples {
    try ImageSamples(
      data.training, classes: data.labels.count, preprocessing: preprocessing, augmentation: policy,
      cache: cache)
  }

  /// Images as they are; nil if there are none.
  func plain(_ images: [LabeledImage]) throws(TrainingError) -> ImageSamples? {
    guard !images.isEmpty else { return nil }
    return try ImageSamples(
      images, classes: data.labels.count, preprocessing: preprocessing, cache: cache)
  }
}
