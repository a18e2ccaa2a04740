import VisionGraph
import VisionLayers
import VisionCompute
import VisionNet

/// A training step on which other engines are timed as well: `../shared/peers/train.py` has the same tasks.
enum TrainingTask: String, CaseIterable {
  case smallCNN = "smallcnn"
  case mlp
  case mobileNetV2At128 = "mobilenetv2_128"
  case resNet18At64 = "resnet18_64"
  case resNet18At224 = "resnet18_224"
  /// The embedding of EfficientNet-Lite0, which is not trained.
  case features

  /// Images per step, N.
  var batch: Int {
    switch self {
    case .smallCNN: 64
    case .mlp: 128
    case .mobileNetV2At128, .resNet18At64, .features: 32
    case .resNet18At224: 16
    }
  }

  /// The number of classes, K.
  var classes: Int { self == .smallCNN || self == .mlp ? 10 : 1000 }

  func graph() throws(GraphError) -> Graph {
    switch self {
    case .smallCNN:
      return try Sequential {
        Conv2D(32, kernel: 3)
        ReLU()
        MaxPool2D(2)
        Conv2D(64, kernel: 3)
        ReLU()
        MaxPool2D(2)
        Flatten()
        Dense(128)
        ReLU()
        Dense(10)
      }.graph(input: (3, 32, 32))
    case .mlp:
      let builder = GraphBuilder()
      let x = try builder.input("input", dimensions: [.symbolic("N"), .fixed(784)])
      let network = Sequential {
        Dense(128)
        ReLU()
        Dense(64)
        ReLU()
        Dense(10)
      }
      try builder.output(OutputRole.logits.name, network(x))
      return builder.graph
    case .mobileNetV2At128: return try MobileNetV2(classes: 1000).graph(input: (3, 128, 128))
    case .resNet18At64: return try ResNet(.resNet18).graph(input: (3, 64, 64))
    case .resNet18At224: return try ResNet(.resNet18).graph(input: (3, 224, 224))
    case .features:
      let graph = try EfficientNetLite(.lite0).graph(input: (3, 224, 224))
      // The input of the last layer.
      guard let head = graph.nodes.last(where: { $0.operation is Gemm }), let embedding = head.inputs[0]
      else {
        throw GraphError(.structure, "the network has no last layer")
      }
      let builder = GraphBuilder(extending: graph)
      try builder.output("features", builder.value(embedding))
      return try DeadNodeRemoval().run(builder.graph)
    }
  }
}
