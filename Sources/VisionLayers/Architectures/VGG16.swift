import VisionGraph

/// VGG-16, configuration D. Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
/// Recognition", 2014, table 1.
///
/// Names and initial values are those of torchvision's `vgg16`. Images are 3×224×224.
public struct VGG16: Network {
  /// K, the number of outputs.
  public let classes: Int
  /// The fraction of features that training sets to zero after each hidden dense layer.
  public let dropout: Float

  public init(classes: Int = 1000, dropout: Float = 0.5) {
    self.classes = classes
    self.dropout = dropout
  }

  public var body: some Layer {
    Sequential {
      for (filters, repeats) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..<repeats {
          Conv2D(filters, kernel: 3, initializer: .kaimingNormal, biasInitializer: .zeros)
          ReLU()
        }
        MaxPool2D(2)
      }
    }.named("features")
    AdaptiveAveragePool2D(7, 7).named("avgpool")
    Flatten().named("flatten")
    Sequential {
      for _ in 0..<2 {
        dense(4096)
        ReLU()
        Dropout(dropout)
      }
      dense(classes)
    }.named("classifier")
  }

  private func dense(_ units: Int) -> Dense {
    Dense(units, initializer: .normal(0.01), biasInitializer: .zeros)
  }
}
