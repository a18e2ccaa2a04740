public import VisionGraph

// Operators with one input that are also layers of the same name: separate layer types with these names would
// make every use ambiguous.

extension Layer where Self: Operator {
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try x.graph.add(self, x) }
}

extension Sigmoid: Layer {}
extension Tanh: Layer {}
extension HardSwish: Layer {}
extension Softmax: Layer {}
extension Flatten: Layer {}

extension GlobalAveragePool: Layer {
  /// The mean of every channel, N×C×H×W → N×C, without the axes of extent 1 that the operator keeps.
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let pooled = try x.graph.add(self, x, name: x.graph.path(to: "pool"))
    return try x.graph.add(Flatten(axis: 1), pooled)
  }
}
