public import VisionGraph

/// A layer written as the list of its layers.
///
/// ```swift
/// struct Digits: Network {
///   let classes: Int
///   var body: some Layer {
///     Conv2D(32, kernel: 3); ReLU(); MaxPool2D(2)
///     Flatten(); Dense(classes).named("head")
///   }
/// }
/// ```
public protocol Network: Layer {
  /// The type of `body`.
  associatedtype Body: Layer
  /// The layers, in the order in which they are applied.
  @LayerBuilder var body: Body { get }
}

extension Network {
  public func callAsFunction(_ x: Value) throws(GraphError) -> Value { try body(x) }
}
