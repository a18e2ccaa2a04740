public import VisionData
public import VisionImage

/// The settings of a training run, as flags and configuration files give them; nil is what suits the data.
///
/// `settings` lists them with their names, types and ranges. A file holds a line `name: value` each:
///
/// ```yaml
/// data: photos/dogs
/// from-scratch: true
/// architecture: resnet18
/// epochs: 40
/// ```
public struct TrainConfiguration: Sendable, Hashable {
  /// A folder of class folders, or a table of paths and labels.
  public var data: String?
  /// The heading, or the number, of the column of a table that holds the labels; nil where the table itself tells.
  public var labelColumn: String?
  /// The pretrained network to start from: a published model or a model file.
  public var model: String?
  /// The value of the pretrained network that describes an image, by its name in the file; nil is the one that the model
  /// names, or what enters its last layer.
  public var embedding: String?
  /// The preprocessing, by name or file, for a pretrained network whose file has none, or to use another.
  public var preprocessing: String?
  /// The network to train from random weights.
  public var architecture: String?
  /// Whether the network starts from random weights.
  public var isFromScratch: Bool?
  /// How much of a pretrained network learns.
  public var fineTuning: FineTuning?
  /// The part of the images to hold back where no validation images are given, 0..<1.
  public var validation: Double?
  /// Whether the first image that cannot be used is an error.
  public var isStrict: Bool?
  /// Whether files that are not quite as they should be, though every pixel is there, cannot be used.
  public var isStrictDecoding: Bool?
  /// The 16-bit sample that is black, here and for the model later; nil is as the pretrained model says, or 0.
  public var black: Int?
  /// The 16-bit sample that is white; nil is as the pretrained model says, or 65535.
  public var white: Int?
  /// Passes over the training images.
  public var epochs: Int?
  /// Images per step.
  public var batchSize: Int?
  /// The learning rate, or the highest one of a schedule.
  public var rate: Double?
  public var optimizer: OptimizerChoice?
  public var schedule: ScheduleChoice?
  /// Epochs in which the rate grows from nearly nothing.
  public var warmup: Double?
  /// How much of each weight a step takes away, times the rate; biases and norms are spared.
  public var weightDecay: Double?
  /// The momentum of SGD, RMSprop and LARS, 0..<1.
  public var momentum: Double?
  public var loss: LossChoice?
  public var augmentation: AugmentationPreset?
  /// The size of the network's input.
  public var imageSize: ImageSize?
  /// How much of the detail of images is decoded, here and by the model later; nil is as the pretrained model says, or
  /// full.
  public var decoding: ImageDecoding?
  public var classWeights: ClassWeighting?
  /// The probability that the target spreads over all classes, 0..<1.
  public var labelSmoothing: Double?
  /// α of MixUp; 0 for none.
  public var mixup: Double?
  /// α of CutMix; 0 for none.
  public var cutmix: Double?
  /// The decay of the moving average of the weights that is validated and kept; 0 for none.
  public var averaging: Double?
  /// The norm that gradients are cut to; 0 for none.
  public var clip: Double?
  /// Epochs without a better validation loss before the run ends; 0 for never.
  public var patience: Int?
  /// What all random numbers follow from.
  public var seed: UInt64?
  /// Threads to use; nil is one per core. The result does not depend on it.
  public var threads: Int?
  /// Whether features are kept for the next run.
  public var usesCache: Bool?
  /// Whether the model gets the hashes of the images that it was made with.
  public var keepsImageHashes: Bool?
  /// Whether the network must not be touched.
  public var isOffline: Bool?
  /// The run's folder.
  public var output: String?
  /// Whether nothing is trained, but said what would be.
  public var isDryRun: Bool?
  /// Whether the learning rate is searched for instead of trained with.
  public var findsRate: Bool?

  public init() {}
}
