public import VisionGraph

/// A published network: its name, its input, and how to build it.
public struct Architecture: Sendable {
  /// The lower-case name for command lines, which is torchvision's if torchvision has the network.
  public let name: String
  /// The name in texts, such as `ResNet-50`.
  public let title: String
  /// Authors, title and year of the paper.
  public let paper: String
  /// Channels, height and width in pixels of the images for which it was published.
  public let input: (channels: Int, height: Int, width: Int)
  /// K, the number of outputs with which it was published.
  public let classes: Int
  /// The path of the layer that computes the logits; only its parameters depend on the number of classes.
  public let head: String
  private let make: @Sendable (Int) -> any Layer

  public init(
    name: String, title: String, paper: String, input: (channels: Int, height: Int, width: Int),
    classes: Int, head: String, network: @escaping @Sendable (_ classes: Int) -> any Layer
  ) {
    self.name = name
    self.title = title
    self.paper = paper
    self.input = input
    self.classes = classes
    self.head = head
    self.make = network
  }

  /// The network for `classes` classes; nil means the published number.
  public func network(classes: Int? = nil) -> any Layer { make(classes ?? self.classes) }

  /// The graph for `classes` classes and images of the extents `input`; nil means the published values.
  ///
  /// Input `input`, float32 N×C×H×W; output `logits`, N×K.
  ///
  /// - Throws: `GraphError` when `classes` is not positive, or the network does not support images of these
  ///   extents.
  public func graph(
    classes: Int? = nil, input: (channels: Int, height: Int, width: Int)? = nil
  ) throws(GraphError) -> Graph {
    try network(classes: classes).graph(input: input ?? self.input)
  }
}
