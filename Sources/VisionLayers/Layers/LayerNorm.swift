public import VisionGraph
import VisionTensor

/// y = (x − mean) / √(variance + ε) · weight + bias, with mean and variance over the last axis; the shape is
/// unchanged.
///
/// Parameters: `weight` and `bias`, as long as the last axis. Ba et al., "Layer Normalization", 2016.
public struct LayerNorm: Layer {
  /// ε, added to the variance.
  public let epsilon: Float

  public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    guard x.shape.rank >= 2, let extent = x.shape.dimensions.last else {
      throw GraphError(.shape, "LayerNorm takes N×…×E, not \(x.shape)", place: x.graph.path)
    }
    let type = x.fact.type
    let weight = try x.graph.parameter("weight", shape: [extent], type: type, initializer: .ones)
    let bias = try x.graph.parameter("bias", shape: [extent], type: type, initializer: .zeros)
    return try x.graph.add(LayerNormalization(axis: -1, epsilon: epsilon), x, weight, bias)
  }
}
