public import VisionGraph
import VisionTensor

/// y = (x − mean) / √(variance + ε) · weight + bias, by channel: N×C×… → N×C×….
///
/// Parameters: `weight`, `bias`, `running_mean`, `running_var`, each C. Ioffe and Szegedy, "Batch Normalization", 2015.
public struct BatchNorm: Layer {
  /// ε, added to the variance.
  public let epsilon: Float
  /// The weight of a batch's statistics in the update of the running statistics, as in PyTorch: 0...1.
  public let momentum: Float
  /// How `weight` is initialized.
  public let initializer: Initializer

  public init(epsilon: Float = 1e-5, momentum: Float = 0.1, initializer: Initializer = .ones) {
    self.epsilon = epsilon
    self.momentum = momentum
    self.initializer = initializer
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    guard x.shape.rank >= 2 else {
      throw GraphError(.shape, "BatchNorm takes N×C×…, not \(x.shape)", place: x.graph.path)
    }
    let shape: Shape = [x.shape[1]]
    let type = x.fact.type
    let weight = try x.graph.parameter("weight", shape: shape, type: type, initializer: initializer)
    let bias = try x.graph.parameter("bias", shape: shape, type: type, initializer: .zeros)
    let mean = try x.graph.parameter("running_mean", shape: shape, type: type, initializer: .zeros)
    let variance = try x.graph.parameter("running_var", shape: shape, type: type, initializer: .ones)
    return try x.graph.add(
      BatchNormalization(epsilon: epsilon, momentum: 1 - momentum), x, weight, bias, mean, variance)
  }
}
