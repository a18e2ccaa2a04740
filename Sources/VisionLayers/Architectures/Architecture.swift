public import VisionGraph

/// A published network: its name, what it takes, and how it is made.
public struct Architecture: Sendable {
  /// The name on command lines, in lower case: torchvision's, where it has the network.
  public let name: String
  /// The name in texts, such as `ResNet-50`.
  public let title: String
  /// Authors, title and year of the paper.
  public let paper: String
  /// Channels, height and width of the images it was published for, in pixels.
  public let input: (channels: Int, height: Int, width: Int)
  /// K, the number of outputs it was published with.
  public let classes: Int
  /// The path of the layer that gives the logits; its parameters are those that depend on the number of classes.
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

  /// The network for `classes` classes; nil is the published number.
  public func network(classes: Int? = nil) -> any Layer { make(classes ?? self.classes) }

  /// The graph for `classes` classes on images of the extents `input`; nil is what it was published for.
  ///
  /// Input `input`, float32 N×C×H×W; output `logits`, N×K.
  ///
  /// - Throws: `GraphError` when there is no class, or the network cannot take images of these extents.
  public func graph(
    classes: Int? = nil, input: (channels: Int, height: Int, width: Int)? = nil
  ) throws(GraphError) -> Graph {
    try network(classes: classes).graph(input: input ?? self.input)
  }
}
