public import VisionData
public import VisionGraph
import VisionSystem

/// How a network is trained; every setting has a sensible value.
public struct TrainerSettings: Sendable {
  /// How much the classes count.
  public enum ClassWeights: Sendable, Hashable {
    case equal
    /// N / (K · samples of the class), so that rare classes count as much as common ones; for several labels, the ratio
    /// of negative to positive samples.
    case balanced
    /// One for each class.
    case given([Float])
  }

  /// Of the order of the samples, of dropout and of augmentation.
  public var seed: UInt64 = 0
  /// Threads to compute with; nil is one per core. Results do not depend on it.
  public var threads: Int?
  /// How many equal groups a batch is cut into, see `TrainingEngine.Settings`. Results depend on it.
  public var groups = 1
  public var optimizer: any Optimizer = AdamW()
  public var schedule: any Schedule = CosineSchedule(1e-3, warmUp: .share(0.05))
  /// Nil is cross-entropy for classes, and the mean squared error for values.
  public var loss: (any LossOperator)?
  public var classWeights: ClassWeights = .equal
  public var clipping: TrainingEngine.Clipping?
  /// N, the samples of a step; no more than there are.
  public var batchSize = 32
  /// How samples of a batch are mixed; nil for not at all.
  public var mixing: BatchMixing?
  /// What becomes of the last batch of an epoch where the samples are no multiple of the batch size.
  public var lastBatch = BatchLoader.LastBatch.filledUp
  /// Threads that make batches ahead of their use; nil is one, and none for samples in memory.
  public var loaderThreads: Int?
  /// How much of the moving average of the weights survives a step, in 0..<1; the average is then what is judged and
  /// kept. Nil for none.
  public var averageDecay: Float?
  /// Whether the parameter of that name is trained.
  public var isTrained: @Sendable (String) -> Bool = { _ in true }
  /// Whether the BatchNorm with the running mean of that name keeps its statistics.
  public var keepsStatistics: @Sendable (String) -> Bool = { _ in false }
  /// What the rate is multiplied by for the parameter of that name.
  public var rateFactor: @Sendable (String) -> Float = { _ in 1 }
  /// What is measured beside the loss on the validation samples; nil is what suits target and loss.
  public var metrics: [any Metric]?
  /// The metric, or `loss`, that says which epoch is best; nil is the first metric, or else the loss.
  public var selection: String?
  public var stopping: (any StoppingRule)?
  public var callbacks: [any TrainingCallback] = []
  /// The folder for checkpoint and logs, which exists; nil for none.
  public var folder: String?
  /// Seconds between checkpoints within an epoch.
  public var checkpointSeconds: Double = 60
  /// Steps between checkpoints within an epoch; nil for none.
  public var checkpointSteps: Int?
  /// Bytes that training may take; by default three quarters of what the machine has.
  public var memoryLimit = MachineMemory.limit
  /// What the caller wants to find again in the checkpoint, such as the stage of a longer training.
  public var stage: [String: String] = [:]

  public init() {}
}
