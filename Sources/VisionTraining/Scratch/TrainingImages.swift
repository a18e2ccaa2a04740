import VisionData
import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// The images to train on, changed anew each time, and those to judge by, with what a trainer needs to know of them.
struct TrainingImages: Sendable {
  private let data: ImageFolder
  private let preprocessing: Preprocessing
  private let policy: AugmentationPolicy
  private let mixing: BatchMixing?
  private let batchSize: Int
  private let threads: Int
  /// Decoded images of both parts may take an eighth of the memory.
  private let cache = ImageCache(byteBudget: MachineMemory.limit / 8)

  /// - Parameter configuration: with every setting.
  init(
    _ data: ImageFolder, _ preprocessing: Preprocessing, _ configuration: TrainConfiguration, isGray: Bool
  ) {
    self.data = data
    self.preprocessing = preprocessing
    threads = configuration.threads ?? Executor.availableThreads
    batchSize = configuration.batchSize ?? 32
    policy = AugmentationPolicy(
      configuration.augmentation ?? .none, width: preprocessing.width, height: preprocessing.height,
      content: ImageContent(labels: data.labels, areGray: isGray))
    let (mixUp, cutMix) = (configuration.mixup ?? 0, configuration.cutmix ?? 0)
    mixing =
      mixUp > 0 || cutMix > 0
      ? BatchMixing(mixUp: mixUp > 0 ? mixUp : nil, cutMix: cutMix > 0 ? cutMix : nil) : nil
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

  /// The samples of a step, and the steps of an epoch, of which an incomplete one is left out.
  var steps: (batchSize: Int, batchesPerEpoch: Int) {
    let size = min(max(batchSize, 1), max(data.training.count, 1))
    return (size, data.training.count / size)
  }

  /// How the samples are read and mixed.
  func configure(_ settings: inout TrainerSettings) {
    (settings.batchSize, settings.mixing) = (batchSize, mixing)
    (settings.lastBatch, settings.loaderThreads) = (.leftOut, threads)
  }
}
