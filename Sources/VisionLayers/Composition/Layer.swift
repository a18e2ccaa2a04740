public import VisionGraph

/// A small immutable description of a function of tensors; calling it appends operators to the value's graph.
///
/// A layer of one's own is a type with `callAsFunction`: it asks `x.graph` for parameters, whose names follow from the
/// current path, and appends operators to it. It trains, exports and is optimized like those that come with VisionNet.
public protocol Layer: Sendable {
  /// The layer's output for the symbolic input `x`.
  ///
  /// - Throws: `GraphError` when the shape of `x` does not fit the layer.
  func callAsFunction(_ x: Value) throws(GraphError) -> Value
}

extension Layer {
  /// This layer under a name of its own instead of its number: `Conv2D(64, kernel: 7).named("conv1")`.
  public func named(_ name: String) -> NamedLayer { NamedLayer(name: name, layer: self) }

  /// This layer without a name of its own: what it contains is named as if it stood in the enclosing layer.
  public func inlined() -> NamedLayer { NamedLayer(name: "", layer: self) }

  /// The graph of this layer on float32 images N×channels×height×width, the batch left open.
  ///
  /// - Parameters:
  ///   - input: channels, height and width in elements, all at least 1.
  ///   - inputName: the name of the graph's input.
  ///   - output: the name of the graph's output.
  /// - Throws: `GraphError` when the images do not fit the layer.
  public func graph(
    input: (channels: Int, height: Int, width: Int), inputName: String = "input", output: String = "logits"
  ) throws(GraphError) -> Graph {
    guard input.channels > 0, input.height > 0, input.width > 0 else {
      throw GraphError(
        .input, "an image of \(input.channels)×\(input.height)×\(input.width) has no elements",
        place: inputName)
    }
    let builder = GraphBuilder()
    let x = try builder.image(
      inputName, channels: input.channels, height: input.height, width: input.width)
    try builder.output(output, self(x))
    return builder.graph
  }
}
