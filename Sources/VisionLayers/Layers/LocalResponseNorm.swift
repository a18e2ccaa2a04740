public import VisionGraph

/// y = x / (k + α/size · Σ x²)^β, summed over `size` neighboring channels: N×C×… → N×C×….
///
/// Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks", 2012, section 3.3.
public struct LocalResponseNorm: Layer {
  /// The number of channels in the sum; odd.
  public let size: Int
  /// The weight of the mean square.
  public let alpha: Float
  /// The exponent.
  public let beta: Float
  /// The number added to the weighted mean square.
  public let k: Float

  public init(_ size: Int, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    try x.graph.add(LRN(size: size, alpha: alpha, beta: beta, bias: k), x)
  }
}
