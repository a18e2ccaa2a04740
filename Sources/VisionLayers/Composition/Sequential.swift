public import VisionGraph

/// Layers applied one after the other; the identity if there are none.
///
/// As in PyTorch's `nn.Sequential`, a layer's name is its position, starting at `0`, unless `named` gives it
/// another. Named layers are counted too: in `Conv2D(…).named("stem"); BatchNorm()` the second layer is `1`.
public struct Sequential: Layer {
  /// The layers in order.
  public let layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public init(@LayerBuilder _ layers: () -> Sequential) { self = layers() }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    var x = x
    for index in layers.indices { x = try apply(index, to: x) }
    return x
  }

  /// The output of one of the layers, applied under its name.
  func apply(_ index: Int, to x: Value) throws(GraphError) -> Value {
    let layer = layers[index]
    if layer is NamedLayer { return try layer(x) }
    return try layer.named(String(index))(x)
  }
}
