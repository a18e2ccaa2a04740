import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct ArchitectureTests {
  /// A published network's parameters: what torchvision 0.29 (and efficientnet-lite-pytorch 0.1.0) list, without
  /// `num_batches_tracked`.
  struct Published: Sendable, CustomTestStringConvertible {
    let name: String
    /// The number of named tensors.
    let tensors: Int
    /// Elements of the weights.
    let weights: Int
    /// Elements of the running statistics.
    let statistics: Int
    /// FNV-1a, 64 bit, of the lines `name shape` in order, such as `conv1.weight 64×3×7×7`.
    let digest: UInt64
    var testDescription: String { name }

    init(_ name: String, _ tensors: Int, _ weights: Int, _ statistics: Int, _ digest: UInt64) {
      self.name = name
      self.tensors = tensors
      self.weights = weights
      self.statistics = statistics
      self.digest = digest
    }
  }

  static let published = [
    Published("alexnet", 16, 61_100_840, 0, 0x314d_1835_2524_7338),
    Published("vgg16", 32, 138_357_544, 0, 0xc40a_1a10_b814_0ea8),
    Published("resnet18", 102, 11_689_512, 9_600, 0xbba0_371b_75ff_f1ba),
    Published("resnet34", 182, 21_797_672, 17_024, 0x8e71_0bc6_f8a2_f898),
    Published("resnet50", 267, 25_557_032, 53_120, 0xe758_6b82_8674_72b1),
    Published("squeezenet1_1", 52, 1_235_496, 0, 0x8f17_04a5_55f2_ccf2),
    Published("mobilenet_v2", 262, 3_504_872, 34_112, 0xfd78_250e_8641_3e67),
    Published("efficientnet-lite0", 247, 4_652_008, 42_016, 0x7240_b690_df69_ed8b),
    Published("efficientnet-lite1", 322, 5_416_680, 53_664, 0x1eb9_f586_efdb_0ced),
    Published("efficientnet-lite2", 322, 6_092_072, 58_096, 0x0adf_8b1b_3d09_03e3),
  ]

  @Test(arguments: published) func parametersHaveThePublishedNamesShapesAndOrder(_ published: Published)
    throws
  {
    let graph = try #require(Architecture.named(published.name)).graph()
    let parameters = graph.parameters
    #expect(parameters.count == published.tensors)
    let lines = parameters.map { "\($0.name) \($0.fact.shape)\n" }
    let digest = lines.joined().utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    #expect(digest == published.digest)
    let summary = graph.summary
    #expect(summary.parameters - summary.statistics == published.weights)
    #expect(summary.statistics == published.statistics)
  }

  @Test(arguments: Architecture.all.map(\.name)) func theHeadIsTheLayerThatGivesTheClasses(_ name: String)
    throws
  {
    let architecture = try #require(Architecture.named(name))
    let published = try architecture.graph()
    let own = try architecture.graph(classes: 7)
    #expect(own.outputs.map(\.name) == ["logits"])
    #expect(own.outputs.map { own.fact($0.value).shape } == [[1, 7]])
    let changed = zip(published.parameters, own.parameters)
      .filter { $0.fact.shape != $1.fact.shape }.map(\.0.name)
    #expect(changed == [architecture.head + ".weight", architecture.head + ".bias"])
    #expect(own.nodes.contains { $0.name == architecture.head })
  }

  @Test(arguments: Architecture.all.map(\.name)) func batchesCanBeBoundLater(_ name: String) throws {
    let architecture = try #require(Architecture.named(name))
    let graph = try architecture.graph().bound(batch: 3)
    #expect(graph.outputs.map { graph.fact($0.value).shape } == [[3, architecture.classes]])
  }

  @Test func namesAreUniqueAndFoundInAnyCase() {
    let names = Architecture.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0 == $0.lowercased() })
    #expect(Architecture.named("ResNet50")?.title == "ResNet-50")
    #expect(Architecture.named("resnet51") == nil)
  }

  @Test func imagesThatDoNotFitAreRefused() throws {
    let vgg = try #require(Architecture.named("vgg16"))
    let error = #expect(throws: GraphError.self) { try vgg.graph(input: (3, 256, 256)) }
    #expect(error?.place == "avgpool")
    #expect(throws: GraphError.self) { try vgg.graph(input: (3, 16, 16)) }
    #expect(throws: GraphError.self) { try vgg.graph(classes: 0) }
  }

  @Test func convolutionalNetworksTakeOtherSizes() throws {
    for name in ["resnet18", "resnet50", "mobilenet_v2", "squeezenet1_1", "efficientnet-lite0"] {
      let graph = try #require(Architecture.named(name)).graph(classes: 5, input: (1, 65, 96))
      #expect(graph.outputs.map { graph.fact($0.value).shape } == [[1, 5]], "\(name)")
    }
  }

  @Test func widthsScale() throws {
    let mobile = try MobileNetV2(classes: 1000, width: 0.5).graph(input: (3, 224, 224)).summary
    #expect(mobile.parameters - mobile.statistics == 1_968_680)
    let residual = try ResNet(.resNet18, classes: 10, width: 16).graph(input: (3, 32, 32))
    #expect(residual.parameters.first?.fact.shape == [16, 3, 7, 7])
    #expect(residual.parameters.last { $0.name == "fc.weight" }?.fact.shape == [10, 128])
  }

  /// Weights by hand: n blocks a stage of two 3×3 convolutions each, two 1×1 shortcuts, and the dense layer.
  @Test(arguments: CIFARResNet.Depth.allCases) func smallResNetsHaveThePapersSizes(_ depth: CIFARResNet.Depth)
    throws
  {
    let graph = try CIFARResNet(depth).graph(input: (3, 32, 32))
    let n = (depth.rawValue - 2) / 6
    let inner = [16, 32, 64].map { 9 * $0 * $0 * (2 * n) + 2 * 2 * n * $0 }.reduce(0, +)
    // The first convolution of the later stages reads half as many channels.
    let narrower = 9 * 16 * 32 + 9 * 32 * 64
    let shortcuts = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    let summary = graph.summary
    #expect(
      summary.parameters - summary.statistics == 9 * 3 * 16 + 2 * 16 + inner - narrower + shortcuts + 650)
    #expect(graph.nodes.count { $0.operation is Conv } == 6 * n + 1 + 2)
    #expect(graph.value(named: "avgpool").map { graph.fact($0).shape.elementCount } == 64)
    #expect(try CIFARResNet(depth, width: 8).graph(input: (1, 9, 8)).parameters.last?.fact.shape == [10])
  }

  @Test func smallNetworksTakeSmallImages() throws {
    for (name, size) in [("simple-cnn", 8), ("resnet20", 8), ("mlp", 1), ("simple-cnn", 37)] {
      let graph = try #require(Architecture.named(name)).graph(classes: 3, input: (1, size, size))
      #expect(graph.outputs.map { graph.fact($0.value).shape } == [[1, 3]], "\(name)")
    }
    #expect(throws: GraphError.self) { try SimpleCNN().graph(input: (3, 7, 8)) }
    let layers = try MultilayerPerceptron().graph(input: (1, 28, 28)).parameters
    #expect(
      layers.map { "\($0.name) \($0.fact.shape)" } == [
        "fc1.weight 128×784", "fc1.bias 128", "fc2.weight 64×128", "fc2.bias 64", "fc3.weight 10×64",
        "fc3.bias 10",
      ])
    let simple = try SimpleCNN().graph(input: (1, 28, 28))
    #expect(
      simple.parameters.filter { $0.fact.shape.rank == 4 }.map(\.fact.shape) == [
        [32, 1, 3, 3], [64, 32, 3, 3], [128, 64, 3, 3], [256, 128, 3, 3],
      ])
  }

  @Test func leNetHasThePapersSizes() throws {
    let graph = try LeNet5().graph(input: (1, 28, 28))
    #expect(
      graph.parameters.map { "\($0.name) \($0.fact.shape)" } == [
        "conv1.weight 6×1×5×5", "conv1.bias 6", "conv2.weight 16×6×5×5", "conv2.bias 16",
        "fc1.weight 120×400", "fc1.bias 120", "fc2.weight 84×120", "fc2.bias 84", "fc3.weight 10×84",
        "fc3.bias 10",
      ])
    #expect(graph.value(named: "pool2").map { graph.fact($0).shape } == [1, 16, 5, 5])
  }
}
