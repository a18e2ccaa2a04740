public import VisionData
public import VisionGraph
import VisionSystem

extension TrainingEngine {
  /// How gradients are kept from being too large.
  public enum Clipping: Sendable, Hashable {
    /// All gradients are scaled down together when their Euclidean norm is larger.
    case norm(Float)
    /// Each element is brought into −bound...bound.
    case value(Float)
  }

  /// How a network is trained.
  public struct Settings: Sendable {
    public var loss: any LossOperator = SoftmaxCrossEntropy()
    /// One weight a class, or a label, for losses that take them.
    public var classWeights: [Float]?
    public var target = BatchTarget.classes
    /// N, the images of one step.
    public var batchSize: Int
    /// How many equal groups a batch is cut into: more take less memory. Each goes through the network by itself, with batch
    /// normalization over its own samples. Their gradients are summed in order, the new running statistics averaged, and a loss that
    /// is a mean is the mean of theirs.
    public var groups = 1
    /// What sums the gradients of the groups.
    package var reducer: any GradientReducer = Alone()
    public var optimizer: any Optimizer
    /// Whether the parameter with that name is trained.
    public var isTrained: @Sendable (String) -> Bool = { _ in true }
    /// Whether the BatchNormalization whose running mean has that name keeps using its running statistics.
    public var keepsStatistics: @Sendable (String) -> Bool = { _ in false }
    /// What the learning rate is multiplied by for a parameter.
    public var rateFactor: @Sendable (String) -> Float = { _ in 1 }
    public var clipping: Clipping?
    /// The share of the exponential moving average that survives a step; nil for no average.
    public var averageDecay: Float?
    /// Bytes that all of it may take; by default three quarters of what the machine has.
    public var memoryLimit = MachineMemory.limit

    public init(batchSize: Int, optimizer: any Optimizer) {
      self.batchSize = batchSize
      self.optimizer = optimizer
    }
  }

  /// Bytes that training takes, known before the first step.
  public struct Memory: Sendable, Hashable {
    /// What forward and backward keep and pass on.
    public var activations: Int
    /// The weights and running statistics.
    public var weights: Int
    public var gradients: Int
    /// What the optimizer remembers.
    public var slots: Int
    /// The moving average.
    public var average: Int
    public var total: Int { activations + weights + gradients + slots + average }
  }
}
