public import VisionGraph
import VisionTensor

/// The transpose of convolution, which enlarges images: N×C×H×W → N×filters×H′×W′.
///
/// H′ = (H − 1) · stride − (padding above + padding below) + (kernel − 1) + outputPadding + 1. Parameters:
/// `weight` C×(filters/groups)×kernel×kernel, `bias` filters. Zeiler et al., "Deconvolutional Networks",
/// 2010.
public struct ConvTranspose2D: Layer {
  /// The number of output channels, at least 1.
  public let filters: Int
  /// The geometry of the kernel on the output.
  public let window: Window
  /// Rows and columns added at the bottom and right; fewer than the stride.
  public let outputPadding: Int
  /// The number of groups into which channels and filters are split; it divides both.
  public let groups: Int
  /// Whether a bias is added to each output channel.
  public let bias: Bool
  /// How `weight` is initialized.
  public let initializer: Initializer

  public init(
    _ filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, outputPadding: Int = 0,
    groups: Int = 1, bias: Bool = true, initializer: Initializer = .kaimingUniform
  ) {
    self.filters = filters
    self.window = Window(kernel: (kernel, kernel), stride: (stride, stride), padding: padding)
    self.outputPadding = outputPadding
    self.groups = groups
    self.bias = bias
    self.initializer = initializer
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    guard filters > 0, groups > 0, channels % groups == 0, filters % groups == 0 else {
      throw GraphError(
        .shape, "\(channels) channels and \(filters) filters cannot be split into \(groups) groups",
        place: x.graph.path)
    }
    let shape = Shape([channels, filters / groups] + window.kernel)
    guard window.kernel.allSatisfy({ $0 > 0 }), shape.checkedElementCount != nil else {
      throw GraphError(.shape, "weights \(shape) are no shape", place: x.graph.path)
    }
    let type = x.fact.type
    let weight = try x.graph.parameter("weight", shape: shape, type: type, initializer: initializer)
    var offset: Value?
    if bias {
      let fan = shape.dimensions.dropFirst().reduce(1, *)
      offset = try x.graph.parameter(
        "bias", shape: [filters], type: type, initializer: .uniform(1 / Float(fan).squareRoot()))
    }
    let operation = ConvTranspose(
      window: window, groups: groups, outputPadding: [outputPadding, outputPadding])
    return try x.graph.add(operation, x, weight, offset)
  }
}
