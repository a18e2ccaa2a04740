public import VisionGraph

/// Two 3×3 convolutions with a residual connection, as in ResNet-18 and -34. He et al. 2015, figure 5 left.
public struct BasicBlock: Layer {
  /// The number of output channels.
  public let filters: Int
  /// The stride of the first convolution.
  public let stride: Int

  public init(_ filters: Int, stride: Int = 1) {
    self.filters = filters
    self.stride = stride
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    let block = Sequential {
      Residual(shortcutName: "downsample") {
        Conv2D(filters, kernel: 3, stride: stride, bias: false, initializer: .kaimingNormal).named("conv1")
        BatchNorm().named("bn1")
        ReLU().named("relu")
        Conv2D(filters, kernel: 3, bias: false, initializer: .kaimingNormal).named("conv2")
        BatchNorm().named("bn2")
      } shortcut: {
        if stride != 1 || channels != filters {
          Conv2D(filters, kernel: 1, stride: stride, bias: false, initializer: .kaimingNormal)
          BatchNorm()
        }
      }.inlined()
      ReLU().named("relu")
    }
    return try block(x)
  }
}
