public import VisionGraph

/// A layer whose parameters and nodes have an additional path component; see `Layer.named`.
public struct NamedLayer: Layer {
  /// The path component, or empty for none.
  public let name: String
  /// The layer inside.
  public let layer: any Layer

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    try x.graph.scope(name) { () throws(GraphError) in try layer(x) }
  }
}
