import VisionGraph

/// A 1×1 convolution to few channels, then a 1×1 and a 3×3 convolution side by side. Iandola et al. 2016,
/// figure 1.
public struct FireModule: Network {
  /// Channels after the first convolution.
  public let squeeze: Int
  /// Output channels of each of the two parallel convolutions; the module outputs twice as many.
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
