public import VisionGraph

// Operators with one input that are also layers of the same name: separate layer types with these names would
// make every use ambiguous.

extension Layer where Self: Operator {
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try x.graph.add(self, x) }
}

/// A function of one element as a layer, such as `Tanh()`: any such operator may stand among layers.
public struct ElementwiseLayer<Function: UnaryElementwise>: Layer {
  public let function: Function
  public init(_ function: Function) { self.function = function }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try function(x) }
}

extension UnaryElementwise {
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try x.graph.add(self, x) }

  /// The operator as a layer under a name of its own.
  public func named(_ name: String) -> NamedLayer { ElementwiseLayer(self).named(name) }
}

extension Softmax: Layer {}
extension Flatten: Layer {}

extension GlobalAveragePool: Layer {
  /// The mean of every channel, N×C×H×W → N×C, without the axes of extent 1 that the operator keeps.
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let pooled = try x.graph.add(self, x, name: x.graph.path(to: "pool"))
    return try x.graph.add(Flatten(axis: 1), pooled)
  }
}
