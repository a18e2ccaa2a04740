public import VisionData
public import VisionGraph
import VisionSystem

/// How a network is trained; every setting has a default.
public struct TrainerSettings: Sendable {
  /// How the classes are weighted in the loss.
  public enum ClassWeights: Sendable, Hashable {
    case equal
    /// N / (K · samples of the class), so that rare classes count as much as common ones; for several labels,
    /// the ratio of negative to positive samples.
    case balanced
    /// One weight for each class.
    case given([Float])
  }

  /// The seed of initial weights, sample order, dropout and augmentation.
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
  /// N, the samples per step; limited to the number of samples.
  public var batchSize = 32
  /// How samples of a batch are mixed; nil for not at all.
  public var mixing: BatchMixing?
  /// How the last batch of an epoch is handled if the number of samples is not a multiple of the batch size.
  public var lastBatch = BatchLoader.LastBatch.filledUp
  /// Threads that prepare batches in advance; nil is one, or none for samples in memory.
  public var loaderThreads: Int?
  /// The decay of the moving average of the weights per step, in 0..<1; with an average, its weights are
  /// evaluated and kept. Nil for none.
  public var averageDecay: Float?
  /// Whether the parameter with the given name is trained.
  public var isTrained: @Sendable (String) -> Bool = { _ in true }
  /// Whether the batch normalization whose running mean has the given name keeps its statistics.
  public var keepsStatistics: @Sendable (String) -> Bool = { _ in false }
  /// The factor of the learning rate for the parameter with the given name.
  public var rateFactor: @Sendable (String) -> Float = { _ in 1 }
  /// The metrics on the validation samples, besides the loss; nil chooses them by target and loss.
  public var metrics: [any Metric]?
  /// The metric, or `loss`, that decides which epoch is best; nil is the first metric, or else the loss.
  public var selection: String?
  public var stopping: (any StoppingRule)?
  public var callbacks: [any TrainingCallback] = []
  /// The folder for checkpoint and logs, which must exist; nil for none.
  public var folder: String?
  /// Seconds between checkpoints within an epoch.
  public var checkpointSeconds: Double = 60
  /// Steps between checkpoints within an epoch; nil for none.
  public var checkpointSteps: Int?
  /// The most bytes that training may take; by default three quarters of the machine's memory.
  public var memoryLimit = MachineMemory.limit
  /// Entries that the caller keeps in the checkpoint, such as the stage of a longer training.
  public var stage: [String: String] = [:]

  public init() {}
}
