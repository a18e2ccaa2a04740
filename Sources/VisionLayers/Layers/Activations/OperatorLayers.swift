public import VisionGraph

// Operators of one input whose name and meaning are a layer's as well serve as layers as they are: a second type of the
// same name would make every use of it ambiguous.

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
  /// The mean of every channel: N×C×H×W → N×C, the extents of 1 that the operator leaves taken away.
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let pooled = try x.graph.add(self, x, name: x.graph.path(to: "pool"))
    return try x.graph.add(Flatten(axis: 1), pooled)
  }
}
