import VisionGraph

/// Convolution without bias, batch normalization and ReLU6, named `0`, `1` and `2`.
public struct ConvNormReLU6: Network {
  /// The number of output channels.
  public let filters: Int
  /// Height and width of the kernel.
  public let kernel: Int
  /// The distance between kernel positions, in elements.
  public let stride: Int
  /// The number of groups into which channels and filters are split.
  public let groups: Int

  public init(_ filters: Int, kernel: Int, stride: Int = 1, groups: Int = 1) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.groups = groups
  }

  public var body: some Layer {
    Conv2D(
      filters, kernel: kernel, stride: stride, groups: groups, bias: false, initializer: .kaimingNormal)
    BatchNorm()
    ReLU6()
  }
}
