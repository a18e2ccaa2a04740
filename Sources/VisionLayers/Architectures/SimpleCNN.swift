import VisionGraph

/// Four 3×3 convolutions, each with batch normalization and ReLU, with max pooling between them: a small
/// network that learns from small images in minutes on a CPU.
///
/// After Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014,
/// with batch normalization (Ioffe and Szegedy, 2015), and with global average pooling (Lin et al., "Network
/// In Network", 2013) instead of the hidden dense layers. Images of any size from 8×8.
public struct SimpleCNN: Network {
  /// K, the number of outputs.
  public let classes: Int
  /// Channels of the first convolution; each later one has twice as many.
  public let width: Int
  /// The fraction of features that training sets to zero before the last layer.
  public let dropout: Float

  public init(classes: Int = 10, width: Int = 32, dropout: Float = 0.2) {
    self.classes = classes
    self.width = width
    self.dropout = dropout
  }

  public var body: some Layer {
    for block in 0..<4 {
      Sequential {
        Conv2D(width << block, kernel: 3, bias: false, initializer: .kaimingNormal).named("conv")
        BatchNorm().named("bn")
        ReLU().named("relu")
        if block < 3 { MaxPool2D(2).named("pool") }
      }.named("block\(block + 1)")
    }
    GlobalAveragePool().named("avgpool")
    Dropout(dropout).named("dropout")
    Dense(classes).named("fc")
  }
}
