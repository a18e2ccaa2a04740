import VisionGraph

/// SqueezeNet 1.1. Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
/// 2016, in the cheaper version that its authors published later.
///
/// Names and initial values are those of torchvision's `squeezenet1_1`. Images are 3×224×224 or any size from
/// 17.
public struct SqueezeNet: Network {
  /// K, the number of outputs.
  public let classes: Int
  /// The fraction of features that training sets to zero before the last convolution.
  public let dropout: Float

  public init(classes: Int = 1000, dropout: Float = 0.5) {
    self.classes = classes
    self.dropout = dropout
  }

  public var body: some Layer {
    Sequential {
      Conv2D(
        64, kernel: 3, stride: 2, padding: .valid, initializer: .kaimingUniformFanIn,
        biasInitializer: .zeros)
      ReLU()
      MaxPool2D(3, stride: 2, ceiling: true)
      for _ in 0..<2 { FireModule(squeeze: 16, expand: 64) }
      MaxPool2D(3, stride: 2, ceiling: true)
      for _ in 0..<2 { FireModule(squeeze: 32, expand: 128) }
      MaxPool2D(3, stride: 2, ceiling: true)
      for _ in 0..<2 { FireModule(squeeze: 48, expand: 192) }
      for _ in 0..<2 { FireModule(squeeze: 64, expand: 256) }
    }.named("features")
    Sequential {
      Dropout(dropout)
      Conv2D(classes, kernel: 1, initializer: .normal(0.01), biasInitializer: .zeros)
      ReLU()
      GlobalAveragePool()
    }.named("classifier")
  }
}
