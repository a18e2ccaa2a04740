import VisionNet

/// y = x + w · x², with a learned w for each feature of N×F.
struct Quadratic: Layer {
  func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let graph = x.graph
    let weight = try graph.parameter("weight", shape: [x.shape[1]], initializer: .ones)
    return try x + weight * graph.add(Square(), x, name: graph.path(to: "square"))
  }
}
