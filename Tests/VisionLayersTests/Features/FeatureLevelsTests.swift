import Testing
import VisionGraph
import VisionTensor

@testable import VisionLayers

@Suite struct FeatureLevelsTests {
  private static let strides = [8, 16, 32]

  private func shapes(_ name: String) throws -> [Shape] {
    let graph = try #require(Architecture.named(name)).graph()
    return try graph.featureLevels(strides: Self.strides).map { graph.fact($0).shape }
  }

  /// The outputs of the last blocks before a stride, which are narrow where blocks are inverted residuals.
  @Test func areTheLastBlocksOfTheirSize() throws {
    #expect(try shapes("efficientnet-lite0") == [[1, 40, 28, 28], [1, 112, 14, 14], [1, 320, 7, 7]])
    #expect(try shapes("mobilenet_v2") == [[1, 32, 28, 28], [1, 96, 14, 14], [1, 320, 7, 7]])
    #expect(try shapes("resnet18") == [[1, 128, 28, 28], [1, 256, 14, 14], [1, 512, 7, 7]])
    #expect(try shapes("resnet50") == [[1, 512, 28, 28], [1, 1024, 14, 14], [1, 2048, 7, 7]])
    #expect(try shapes("vgg16") == [[1, 512, 28, 28], [1, 512, 14, 14], [1, 512, 7, 7]])
  }

  @Test func networkEndsAtTheFeatures() throws {
    let graph = try #require(Architecture.named("efficientnet-lite0")).graph()
    let (builder, features) = try graph.features(strides: Self.strides, sides: [96, 160])
    #expect(features.levels.map(\.stride) == Self.strides && features.embedding == nil)
    #expect(
      features.levels.map(\.value.shape) == [[1, 40, 12, 20], [1, 112, 6, 10], [1, 320, 3, 5]])
    let names = Set(builder.graph.parameters.map(\.name))
    #expect(names.contains("_blocks.15._project_conv.weight"))
    #expect(!names.contains { $0.hasPrefix("_fc") || $0.hasPrefix("_conv_head") })
    // The sizes that a dense layer fixes do not matter before it.
    let vgg = try #require(Architecture.named("vgg16")).graph()
    let levels = try vgg.features(strides: [8], sides: [64, 40]).1.levels
    #expect(levels.map(\.value.shape) == [[1, 512, 8, 5]])
  }

  /// A value that another one can go around is none of the levels.
  @Test func everythingLaterDependsOnThem() throws {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 3, height: 16, width: 16)
    func conv(_ x: Value, _ name: String, stride: Int = 1) throws -> Value {
      try Conv2D(4, kernel: 3, stride: stride).named(name)(x)
    }
    let a = try conv(x, "a", stride: 2)
    let b = try conv(a, "b")
    let c = try conv(b, "c")
    let sum = try builder.add(Add(), a, c, name: "sum")
    let beside = try conv(sum, "beside")
    let d = try builder.add(Add(), conv(beside, "d", stride: 2), conv(sum, "e", stride: 2), name: "f")
    try builder.output("y", d)
    let graph = builder.graph
    let levels = try graph.featureLevels(strides: [2, 4])
    #expect(levels.map { graph[$0].name } == ["sum", "f"])
  }

  @Test func whatIsNotThereIsSaid() throws {
    let graph = try LeNet5().graph(input: (1, 28, 28))
    let error = #expect(throws: GraphError.self) { _ = try graph.featureLevels(strides: [8]) }
    #expect(error?.message.contains("4×4") == true)
    let builder = GraphBuilder()
    try builder.output("y", Dense(3)(builder.input("x", dimensions: [.symbolic("N"), .fixed(5)])))
    #expect(throws: GraphError.self) { _ = try builder.graph.featureLevels(strides: [8]) }
  }
}
