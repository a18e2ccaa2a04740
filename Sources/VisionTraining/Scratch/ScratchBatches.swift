import VisionCompute
import VisionImage
import VisionTensor

/// The pictures to train on, changed anew each time, and those to judge by.
struct ScratchBatches {
  let training: LoaderBatches
  /// Nil without pictures to judge by.
  let validation: LoaderBatches?

  /// - Parameter configuration: with every setting.
  init(
    _ data: ImageFolder, _ preprocessing: Preprocessing, _ configuration: TrainConfiguration, isGrey: Bool
  ) throws(TrainingError) {
    let threads = configuration.threads ?? Executor.availableThreads
    // Decoded pictures of both parts may take an eighth of the memory.
    let cache = PictureCache(byteBudget: MachineMemory.limit / 8)
    let batch = configuration.batchSize ?? 32
    let policy = AugmentationPolicy(
      configuration.augmentation ?? .none, width: preprocessing.width, height: preprocessing.height,
      content: PictureContent(labels: data.labels, areGrey: isGrey))
    let (mixUp, cutMix) = (configuration.mixup ?? 0, configuration.cutmix ?? 0)
    let mixing: BatchMixing? =
      mixUp > 0 || cutMix > 0
      ? BatchMixing(mixUp: mixUp > 0 ? mixUp : nil, cutMix: cutMix > 0 ? cutMix : nil) : nil
    training = try LoaderBatches(
      PictureBatchSource(
        data.training, classes: data.labels.count, preprocessing: preprocessing, augmentation: policy,
        cache: cache), batchSize: batch, isTraining: true, mixing: mixing, threads: threads)
    guard !data.validation.isEmpty else {
      validation = nil
      return
    }
    validation = try LoaderBatches(
      PictureBatchSource(
        data.validation, classes: data.labels.count, preprocessing: preprocessing, cache: cache),
      batchSize: batch, isTraining: false, threads: threads)
  }
}
