import VisionData
import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// The images to train on, changed anew each time, and those to judge by.
struct TrainingImages: Sendable {
  private let data: ImageFolder
  private let preprocessing: Preprocessing
  private let policy: AugmentationPolicy
  /// Decoded images of both parts may take an eighth of the memory.
  private let cache = ImageCache(byteBudget: MachineMemory.limit / 8)

  /// - Parameter augmentation: how much the images to train on are changed.
  init(
    _ data: ImageFolder, _ preprocessing: Preprocessing, _ augmentation: AugmentationPreset, isGray: Bool
  ) {
    self.data = data
    self.preprocessing = preprocessing
    policy = AugmentationPolicy(
      augmentation, width: preprocessing.width, height: preprocessing.height,
      content: ImageContent(labels: data.labels, areGray: isGray))
  }

  /// The samples to train on.
  func training() throws(TrainingError) -> ImageSamples {
    try ImageSamples(
      data.training, classes: data.labels.count, preprocessing: preprocessing, augmentation: policy,
      cache: cache)
  }

  /// The samples to judge by; nil without images for it.
  func validation() throws(TrainingError) -> ImageSamples? {
    guard !data.validation.isEmpty else { return nil }
    return try ImageSamples(
      data.validation, classes: data.labels.count, preprocessing: preprocessing, cache: cache)
  }
}
