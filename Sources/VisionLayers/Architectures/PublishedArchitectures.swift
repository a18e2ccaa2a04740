extension Architecture {
  /// All architectures included in VisionNet, oldest first.
  public static let all: [Architecture] =
    [
      Architecture(
        name: "mlp", title: "multilayer perceptron 784-128-64-10",
        paper: "Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986",
        input: (1, 28, 28), classes: 10, head: "fc3"
      ) { MultilayerPerceptron(classes: $0) },
      Architecture(
        name: "lenet5", title: "LeNet-5",
        paper: "LeCun et al., Gradient-Based Learning Applied to Document Recognition, 1998",
        input: (1, 28, 28), classes: 10, head: "fc3"
      ) { LeNet5(classes: $0) },
      imageNet(
        "alexnet", "AlexNet", head: "classifier.6",
        paper: "Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014"
      ) { AlexNet(classes: $0) },
      imageNet(
        "vgg16", "VGG-16", head: "classifier.6",
        paper: "Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
          + "Recognition, 2014"
      ) { VGG16(classes: $0) },
    ]
    + [
      Architecture(
        name: "simple-cnn", title: "simple CNN",
        paper: "after Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
          + "Recognition, 2014",
        input: (3, 32, 32), classes: 10, head: "fc"
      ) { SimpleCNN(classes: $0) }
    ]
    + CIFARResNet.Depth.allCases.map { depth in
      Architecture(
        name: "resnet\(depth.rawValue)", title: "ResNet-\(depth.rawValue)",
        paper: "He et al., Deep Residual Learning for Image Recognition, 2015, section 4.2",
        input: (3, 32, 32), classes: 10, head: "fc"
      ) { CIFARResNet(depth, classes: $0) }
    }
    + ResNet.Depth.allCases.map { depth in
      imageNet(
        "resnet\(depth.rawValue)", "ResNet-\(depth.rawValue)", head: "fc",
        paper: "He et al., Deep Residual Learning for Image Recognition, 2015"
      ) { ResNet(depth, classes: $0) }
    } + [
      imageNet(
        "squeezenet1_1", "SqueezeNet 1.1", head: "classifier.1",
        paper: "Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, 2016"
      ) { SqueezeNet(classes: $0) },
      imageNet(
        "mobilenet_v2", "MobileNetV2", head: "classifier.1",
        paper: "Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, 2018"
      ) { MobileNetV2(classes: $0) },
    ]
    + EfficientNetLite.Variant.allCases.map { variant in
      imageNet(
        "efficientnet-lite\(variant.rawValue)", "EfficientNet-Lite\(variant.rawValue)", size: variant.size,
        head: "_fc",
        paper: "Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, 2019"
      ) { EfficientNetLite(variant, classes: $0) }
    }

  /// The architecture with that name in any letter case, or nil.
  public static func named(_ name: String) -> Architecture? {
    let name = name.lowercased()
    return all.first { $0.name == name }
  }

  private static func imageNet(
    _ name: String, _ title: String, size: Int = 224, head: String, paper: String,
    network: @escaping @Sendable (_ classes: Int) -> any Layer
  ) -> Architecture {
    Architecture(
      name: name, title: title, paper: paper, input: (3, size, size), classes: 1000, head: head,
      network: network)
  }
}
