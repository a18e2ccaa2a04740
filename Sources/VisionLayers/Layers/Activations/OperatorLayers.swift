public import VisionGraph

// Operators of one input whose name and meaning are a layer's as well serve as layers as they are: a second type of the
// same name would make every use of it ambiguous.

extension Layer where Self: Operator {
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try x.graph.add(self, x) }
}

extension Sigmoid: Layer {}
extension Tanh: Layer {}
extension HardSwish: Layer {}
extension Softmax: Layer {}
extension Flatten: Layer {}

extension GlobalAveragePool: Layer {
  /// The mean of every channel: N×C×H×W → N×C, the extents of 1 that the operator leaves taken away.
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let pooled = try x.graph.add(self, x, name: x.graph.path(to: "pool"))
    return try x.graph.add(Flatten(axis: 1), pooled)
  }
}
