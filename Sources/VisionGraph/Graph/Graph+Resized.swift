import VisionTensor

extension Graph {
  /// The same network for images N×C×H×W of other sides, also where its file fixes them.
  ///
  /// - Parameter sides: H and W.
  /// - Throws: `GraphError` where the network is not one for such images, or not for images of these sides.
  package func resized(_ sides: some Collection<Int>) throws(GraphError) -> Graph {
    guard let input = inputs.first, inputs.count == 1, case .input(var dimensions) = self[input].source,
      dimensions.count == 4, sides.count == 2
    else { throw GraphError(.structure, "the network does not take images N×C×H×W") }
    var shape = fact(input).shape
    for (axis, side) in zip(2..., sides) { (dimensions[axis], shape[axis]) = (.fixed(side), side) }
    var open = self
    open.values[input.index].source = .input(dimensions)
    return try open.bound(to: [self[input].name: shape])
  }
}
