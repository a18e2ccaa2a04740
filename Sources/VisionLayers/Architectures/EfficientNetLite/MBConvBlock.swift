public import VisionGraph

/// An inverted residual block with the names and padding of EfficientNet-Lite: TensorFlow's `SAME`, BatchNorm
/// ε = 10⁻³.
///
/// Tan and Le 2019, section 4; Sandler et al. 2018, figure 3.
public struct MBConvBlock: Layer {
  /// The number of output channels.
  public let filters: Int
  /// Height and width of the depthwise kernel.
  public let kernel: Int
  /// The stride of the depthwise convolution.
  public let stride: Int
  /// The ratio of hidden to input channels; 1 omits the first convolution.
  public let expansion: Int

  public init(_ filters: Int, kernel: Int, stride: Int, expansion: Int) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.expansion = expansion
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    let block = Sequential {
      if expansion != 1 {
        Conv2D(channels * expansion, kernel: 1, bias: false).named("_expand_conv")
        norm.named("_bn0")
        ReLU6().named("_relu0")
      }
      DepthwiseConv2D(kernel: kernel, stride: stride, padding: .sameUpper, bias: false)
        .named("_depthwise_conv")
      norm.named("_bn1")
      ReLU6().named("_relu1")
      Conv2D(filters, kernel: 1, bias: false).named("_project_conv")
      norm.named("_bn2")
    }
    if stride != 1 || channels != filters { return try block(x) }
    return try Residual { block.inlined() }(x)
  }

  private var norm: BatchNorm { BatchNorm(epsilon: 1e-3, momentum: 0.01) }
}
