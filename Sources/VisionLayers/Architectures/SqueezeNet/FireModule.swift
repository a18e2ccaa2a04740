import VisionGraph

/// A 1×1 convolution to few channels, then 1×1 and 3×3 convolutions to many side by side. Iandola et al. 2016, figure 1.
public struct FireModule: Network {
  /// Channels between.
  public let squeeze: Int
  /// Output channels of each of the two convolutions; twice as many come out.
  public let expand: Int

  public init(squeeze: Int, expand: Int) {
    self.squeeze = squeeze
    self.expand = expand
  }

  public var body: some Layer {
    conv(squeeze, kernel: 1).named("squeeze")
    ReLU().named("squeeze_activation")
    Concatenate {
      Sequential {
        conv(expand, kernel: 1).named("expand1x1")
        ReLU().named("expand1x1_activation")
      }.inlined()
      Sequential {
        conv(expand, kernel: 3).named("expand3x3")
        ReLU().named("expand3x3_activation")
      }.inlined()
    }.inlined()
  }

  private func conv(_ filters: Int, kernel: Int) -> Conv2D {
    Conv2D(filters, kernel: kernel, initializer: .kaimingUniformFanIn, biasInitializer: .zeros)
  }
}
