public import VisionGraph

/// y = x · sigmoid(x), also called swish. Ramachandran et al., "Searching for Activation Functions", 2017.
public struct SiLU: Layer {
  public init() {}

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let gate = try x.graph.add(Sigmoid(), x, name: x.graph.path(to: "sigmoid"))
    return try x.graph.add(Mul(), x, gate)
  }
}
