public import VisionGraph

/// A 1×1 convolution that expands the channels, a depthwise convolution, and a 1×1 convolution that reduces
/// them without activation; the input is added when the shapes are equal. Sandler et al. 2018, figure 3.
public struct InvertedResidual: Layer {
  /// The number of output channels.
  public let filters: Int
  /// The stride of the depthwise convolution.
  public let stride: Int
  /// The ratio of hidden to input channels; 1 omits the first convolution.
  public let expansion: Int

  public init(_ filters: Int, stride: Int = 1, expansion: Int) {
    self.filters = filters
    self.stride = stride
    self.expansion = expansion
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    let hidden = channels * expansion
    let conv = Sequential {
      if expansion != 1 { ConvNormReLU6(hidden, kernel: 1) }
      ConvNormReLU6(hidden, kernel: 3, stride: stride, groups: hidden)
      Conv2D(filters, kernel: 1, bias: false, initializer: .kaimingNormal)
      BatchNorm()
    }.named("conv")
    if stride != 1 || channels != filters { return try conv(x) }
    return try Residual { conv }(x)
  }
}
