public import VisionGraph

/// Several layers applied to the same input; their outputs are joined along an axis, by default the channels.
///
/// Each layer in the list is one branch; a branch of several layers is a `Sequential`. Names are as in `Sequential`.
public struct Concatenate: Layer {
  /// The branches, in the order in which their outputs are joined.
  public let branches: Sequential
  /// The axis along which the outputs are joined; 1 means the channels.
  public let axis: Int

  public init(axis: Int = 1, @LayerBuilder _ branches: () -> Sequential) {
    self.axis = axis
    self.branches = branches()
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    guard !branches.layers.isEmpty else {
      throw GraphError(.structure, "Concatenate has no branches", place: x.graph.path)
    }
    var outputs: [Value?] = []
    for index in branches.layers.indices { outputs.append(try branches.apply(index, to: x)) }
    return try x.graph.add(Concat(axis: axis), outputs, name: x.graph.path(to: "concat"))[0]
  }
}
