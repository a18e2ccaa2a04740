public import VisionGraph

/// 1×1, 3×3 and 1×1 convolutions with a residual connection, as in ResNet-50. He et al. 2015, figure 5 right.
public struct BottleneckBlock: Layer {
  /// The number of hidden channels; the output has four times as many.
  public let filters: Int
  /// The stride of the 3×3 convolution.
  public let stride: Int

  public init(_ filters: Int, stride: Int = 1) {
    self.filters = filters
    self.stride = stride
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let channels = try x.imageExtents(for: self).channels
    let outputs = 4 * filters
    let block = Sequential {
      Residual(shortcutName: "downsample") {
        Conv2D(filters, kernel: 1, bias: false, initializer: .kaimingNormal).named("conv1")
        BatchNorm().named("bn1")
        ReLU().named("relu")
        Conv2D(filters, kernel: 3, stride: stride, bias: false, initializer: .kaimingNormal).named("conv2")
        BatchNorm().named("bn2")
        ReLU().named("relu")
        Conv2D(outputs, kernel: 1, bias: false, initializer: .kaimingNormal).named("conv3")
        BatchNorm().named("bn3")
      } shortcut: {
        if stride != 1 || channels != outputs {
          Conv2D(outputs, kernel: 1, stride: stride, bias: false, initializer: .kaimingNormal)
          BatchNorm()
        }
      }.inlined()
      ReLU().named("relu")
    }
    return try block(x)
  }
}
