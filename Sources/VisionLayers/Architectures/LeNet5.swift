import VisionGraph

/// LeNet-5. LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998, section II.B.
///
/// In today's usual form: plain average pooling, a second convolution in which every output map reads all
/// input maps, and a dense layer at the end. Images are 28×28, usually gray; the first convolution pads them
/// to the paper's 32×32.
public struct LeNet5: Network {
  /// K, the number of outputs.
  public let classes: Int

  public init(classes: Int = 10) { self.classes = classes }

  public var body: some Layer {
    Conv2D(6, kernel: 5, padding: 2).named("conv1")
    Tanh().named("tanh1")
    AveragePool2D(2).named("pool1")
    Conv2D(16, kernel: 5, padding: .valid).named("conv2")
    Tanh().named("tanh2")
    AveragePool2D(2).named("pool2")
    Flatten().named("flatten")
    Dense(120).named("fc1")
    Tanh().named("tanh3")
    Dense(84).named("fc2")
    Tanh().named("tanh4")
    Dense(classes).named("fc3")
  }
}
