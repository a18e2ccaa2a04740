public import VisionGraph

/// y = max(x, 0).
public struct ReLU: Layer {
  public init() {}

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try x.graph.add(Relu(), x) }
}
