import VisionGraph

/// AlexNet with a single tower. Krizhevsky, "One weird trick for parallelizing convolutional neural
/// networks", 2014; after Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural
/// Networks", 2012.
///
/// Names and initial values are those of torchvision's `alexnet`. Images are 3×224×224.
public struct AlexNet: Network {
  /// K, the number of outputs.
  public let classes: Int
  /// The fraction of features that training sets to zero before each hidden dense layer.
  public let dropout: Float

  public init(classes: Int = 1000, dropout: Float = 0.5) {
    self.classes = classes
    self.dropout = dropout
  }

  public var body: some Layer {
    Sequential {
      Conv2D(64, kernel: 11, stride: 4, padding: 2)
      ReLU()
      MaxPool2D(3, stride: 2)
      Conv2D(192, kernel: 5)
      ReLU()
      MaxPool2D(3, stride: 2)
      for filters in [384, 256, 256] {
        Conv2D(filters, kernel: 3)
        ReLU()
      }
      MaxPool2D(3, stride: 2)
    }.named("features")
    AdaptiveAveragePool2D(6, 6).named("avgpool")
    Flatten().named("flatten")
    Sequential {
      Dropout(dropout)
      Dense(4096)
      ReLU()
      Dropout(dropout)
      Dense(4096)
      ReLU()
      Dense(classes)
    }.named("classifier")
  }
}
