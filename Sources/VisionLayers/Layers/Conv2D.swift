public import VisionGraph
import VisionSystem
import VisionTensor

/// Convolution of images: N×C×H×W → N×filters×H′×W′.
///
/// Parameters: `weight` filters×(C/groups)×kernel, `bias` filters. The number of input channels C is that of the input.
public struct Conv2D: Layer {
  /// The number of output channels, at least 1.
  public let filters: Int
  /// The geometry of the kernel.
  public let window: Window
  /// The number of groups into which channels and filters are split; it divides both.
  public let groups: Int
  /// Whether a bias is added to each output channel.
  public let bias: Bool
  /// How `weight` is initialized.
  public let initializer: Initializer
  /// How `bias` is initialized; nil means PyTorch's uniform distribution in ±1/√(C/groups × kernel area).
  public let biasInitializer: Initializer?

  /// A square kernel with equal strides and dilations in both directions.
  public init(
    _ filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .half, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, initializer: Initializer = .kaimingUniform,
    biasInitializer: Initializer? = nil
  ) {
    self.init(
      filters, kernel: (kernel, kernel), stride: (stride, stride), padding: padding,
      dilation: (dilation, dilation), groups: groups, bias: bias, initializer: initializer,
      biasInitializer: biasInitializer)
  }

  /// Extents are given as (height, width).
  public init(
    _ filters: Int, kernel: (height: Int, width: Int), stride: (height: Int, width: Int) = (1, 1),
    padding: Padding = .half, dilation: (height: Int, width: Int) = (1, 1), groups: Int = 1,
    bias: Bool = true, initializer: Initializer = .kaimingUniform, biasInitializer: Initializer? = nil
  ) {
    self.filters = filters
    self.window = Window(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    self.groups = groups
    self.bias = bias
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    guard filters > 0, groups > 0, channels % groups == 0, filters % groups == 0 else {
      throw GraphError(
        .shape, "\(channels) channels and \(filters) filters cannot be split into \(groups) groups",
        place: x.graph.path)
    }
    let shape = Shape([filters, channels / groups] + window.kernel)
    guard window.kernel.allSatisfy({ $0 > 0 }), shape.checkedElementCount != nil else {
      throw GraphError(.shape, "weights \(shape) are no shape", place: x.graph.path)
    }
    let weight = try x.graph.parameter("weight", shape: shape, type: x.fact.type, initializer: initializer)
    var offset: Value?
    if bias {
      let fan = shape.elementCount / filters
      offset = try x.graph.parameter(
        "bias", shape: [filters], type: x.fact.type,
        initializer: biasInitializer ?? .uniform(1 / Float(fan).squareRoot()))
    }
    return try x.graph.add(Conv(window: window, groups: groups), x, weight, offset)
  }
}
