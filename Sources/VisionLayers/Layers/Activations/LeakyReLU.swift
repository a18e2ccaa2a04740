public import VisionGraph

/// y = x for x ≥ 0, else slope · x.
public struct LeakyReLU: Layer {
  /// The slope for x < 0.
  public let slope: Float

  public init(_ slope: Float = 0.01) { self.slope = slope }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    try x.graph.add(LeakyRelu(alpha: slope), x)
  }
}
