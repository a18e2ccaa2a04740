public import VisionGraph

/// Layers applied one after the other; without layers, the identity.
///
/// A layer's name is its position, from `0` on, as in PyTorch's `nn.Sequential`, unless it has one by `named`. Named
/// layers count: in `Conv2D(…).named("stem"); BatchNorm()` the second is `1`.
public struct Sequential: Layer {
  /// The layers, first one first.
  public let layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public init(@LayerBuilder _ layers: () -> Sequential) { self = layers() }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    var x = x
    for index in layers.indices { x = try apply(index, to: x) }
    return x
  }

  /// The output of one of the layers, under its name.
  func apply(_ index: Int, to x: Value) throws(GraphError) -> Value {
    let layer = layers[index]
    if layer is NamedLayer { return try layer(x) }
    return try layer.named(String(index))(x)
  }
}
