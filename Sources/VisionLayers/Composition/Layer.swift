public import VisionGraph

/// A small immutable description of a function of tensors; calling it appends operators to the value's graph.
///
/// To define a layer, write a type with `callAsFunction` that asks `x.graph` for parameters, whose names are
/// prefixed by the current path, and appends operators to it. Such a layer can be trained, exported and
/// optimized like the included ones.
public protocol Layer: Sendable {
  /// The layer's output for the symbolic input `x`.
  ///
  /// - Throws: `GraphError` when the shape of `x` does not fit the layer.
  func callAsFunction(_ x: Value) throws(GraphError) -> Value
}

extension Layer {
  /// This layer under the given name instead of its number: `Conv2D(64, kernel: 7).named("conv1")`.
  public func named(_ name: String) -> NamedLayer { NamedLayer(name: name, layer: self) }

  /// This layer without a path component: its contents are named as if they were in the enclosing layer.
  public func inlined() -> NamedLayer { NamedLayer(name: "", layer: self) }

  /// The graph of this layer for float32 images N×channels×height×width; the batch size is left open.
  ///
  /// - Parameters:
  ///   - input: channels, height and width in elements, all at least 1.
  ///   - inputName: the name of the graph's input.
  ///   - output: the name of the graph's output.
  /// - Throws: `GraphError` when the layer does not support such images.
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
