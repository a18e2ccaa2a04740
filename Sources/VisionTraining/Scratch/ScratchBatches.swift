import VisionData
import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// Makes batches of the images to train on, changed anew each time, and of those to judge by.
struct ScratchBatches: Sendable {
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

  /// New batches to train on.
  func training() throws(TrainingError) -> LoaderBatches {
    try LoaderBatches(
      ImageBatchSource(
        data.training, classes: data.labels.count, preprocessing: preprocessing, augmentation: policy,
        cache: cache), batchSize: batchSize, isTraining: true, mixing: mixing, threads: threads)
  }

  /// New batches to judge by; nil without images for it.
  func validation() throws(TrainingError) -> LoaderBatches? {
    guard !data.validation.isEmpty else { return nil }
    return try LoaderBatches(
      ImageBatchSource(
        data.validation, classes: data.labels.count, preprocessing: preprocessing, cache: cache),
      batchSize: batchSize, isTraining: false, threads: threads)
  }
}
