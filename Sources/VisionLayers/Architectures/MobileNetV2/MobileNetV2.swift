import VisionGraph

/// MobileNetV2. Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2.
///
/// Names and initial values are those of torchvision's `mobilenet_v2`. Images are 3×224×224 or any size from
/// 32.
public struct MobileNetV2: Network {
  /// K, the number of outputs.
  public let classes: Int
  /// α, the factor for all numbers of channels; the last convolution is only widened, never narrowed.
  public let width: Double
  /// The fraction of features that training sets to zero before the last layer.
  public let dropout: Float

  public init(classes: Int = 1000, width: Double = 1, dropout: Float = 0.2) {
    self.classes = classes
    self.width = width
    self.dropout = dropout
  }

  /// Expansion t, channels c, repeats n and first stride s, as in the paper's table.
  private static let stages: [(t: Int, c: Int, n: Int, s: Int)] = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
  ]

  public var body: some Layer {
    Sequential {
      ConvNormReLU6(roundedChannels(32, times: width), kernel: 3, stride: 2)
      for stage in Self.stages {
        for index in 0..<stage.n {
          InvertedResidual(
            roundedChannels(stage.c, times: width), stride: index == 0 ? stage.s : 1, expansion: stage.t)
        }
      }
      ConvNormReLU6(roundedChannels(1280, times: max(1, width)), kernel: 1)
    }.named("features")
    GlobalAveragePool().named("avgpool")
    Sequential {
      Dropout(dropout)
      Dense(classes, initializer: .normal(0.01), biasInitializer: .zeros)
    }.named("classifier")
  }
}
