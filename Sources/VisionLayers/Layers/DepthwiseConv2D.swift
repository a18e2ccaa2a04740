public import VisionGraph

/// Convolution of each channel separately: N×C×H×W → N×(C·multiplier)×H′×W′.
///
/// Parameters: `weight` (C·multiplier)×1×kernel×kernel, `bias` C·multiplier.
public struct DepthwiseConv2D: Layer {
  /// Height and width of the kernel.
  public let kernel: Int
  /// The distance between kernel positions, in elements.
  public let stride: Int
  /// How the borders are padded.
  public let padding: Padding
  /// The distance between kernel taps, in elements.
  public let dilation: Int
  /// Output channels for each input channel.
  public let multiplier: Int
  /// Whether a bias is added to each output channel.
  public let bias: Bool
  /// How `weight` is initialized.
  public let initializer: Initializer

  public init(
    kernel: Int, stride: Int = 1, padding: Padding = .half, dilation: Int = 1, multiplier: Int = 1,
    bias: Bool = true, initializer: Initializer = .kaimingUniform
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.multiplier = multiplier
    self.bias = bias
    self.initializer = initializer
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    let (filters, overflow) = channels.multipliedReportingOverflow(by: multiplier)
    guard !overflow else {
      throw GraphError(.shape, "\(channels) channels × \(multiplier) are too many", place: x.graph.path)
    }
    return try Conv2D(
      filters, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: channels,
      bias: bias, initializer: initializer)(x)
  }
}
