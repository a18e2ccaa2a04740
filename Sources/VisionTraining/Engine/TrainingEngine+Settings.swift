public import VisionData
public import VisionGraph
import VisionSystem

extension TrainingEngine {
  /// How large gradients are limited.
  public enum Clipping: Sendable, Hashable {
    /// All gradients are scaled down together when their Euclidean norm is larger.
    case norm(Float)
    /// Each element is clamped to −bound...bound.
    case value(Float)
  }

  /// How a network is trained.
  public struct Settings: Sendable {
    public var loss: any LossOperator = SoftmaxCrossEntropy()
    /// One weight per class or label, for losses that take weights.
    public var classWeights: [Float]?
    public var target = BatchTarget.classes
    /// N, the images of one step.
    public var batchSize: Int
    /// The number of equal groups that a batch is cut into; more groups take less memory for activations.
    /// Each group passes through the network alone, with batch normalization over its own samples. The
    /// gradients of the groups are summed in order, the new running statistics are averaged, and a mean loss
    /// is the mean of their losses.
    public var groups = 1
    /// Sums the gradients of the groups.
    package var reducer: any GradientReducer = Alone()
    public var optimizer: any Optimizer
    /// Whether the parameter with the given name is trained.
    public var isTrained: @Sendable (String) -> Bool = { _ in true }
    /// Whether the batch normalization whose running mean has the given name keeps its statistics.
    public var keepsStatistics: @Sendable (String) -> Bool = { _ in false }
    /// The factor of the learning rate for the parameter with the given name.
    public var rateFactor: @Sendable (String) -> Float = { _ in 1 }
    public var clipping: Clipping?
    /// The decay of the exponential moving average of the weights per step; nil for no average.
    public var averageDecay: Float?
    /// The most bytes that training may take; by default three quarters of the machine's memory.
    public var memoryLimit = MachineMemory.limit

    public init(batchSize: Int, optimizer: any Optimizer) {
      self.batchSize = batchSize
      self.optimizer = optimizer
    }
  }

  /// The memory that training takes, in bytes, known before the first step.
  public struct Memory: Sendable, Hashable {
    /// The activations and scratch memory of forward and backward.
    public var activations: Int
    /// The weights and running statistics.
    public var weights: Int
    public var gradients: Int
    /// The state of the optimizer.
    public var slots: Int
    /// The moving average.
    public var average: Int
    public var total: Int { activations + weights + gradients + slots + average }
  }
}
