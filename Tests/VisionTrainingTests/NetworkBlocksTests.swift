import Testing
import VisionLayers

@testable import VisionTraining

@Suite struct NetworkBlocksTests {
  @Test func numberedLayersAreBlocksAndNormsBelongToTheirConvolution() throws {
    let graph = try ResNet(.resNet18, classes: 3, width: 8).graph(input: (3, 32, 32))
    let blocks = NetworkBlocks(graph, head: "fc")
    // The stem with its norm, and eight residual blocks.
    #expect(blocks.blocks.count == 9)
    #expect(blocks.index(of: "conv1.weight") == 0)
    #expect(blocks.index(of: "bn1.weight") == 0)
    #expect(blocks.index(of: "layer1.0.conv2.weight") == 1)
    #expect(blocks.index(of: "layer4.1.bn2.bias") == 8)
    #expect(blocks.index(of: "fc.weight") == nil)
  }

  @Test func theHeadConvolutionOfEfficientNetIsABlock() throws {
    let graph = try EfficientNetLite(.lite0, classes: 3).graph(input: (3, 64, 64))
    let blocks = NetworkBlocks(graph, head: "_fc")
    #expect(blocks.blocks.count == 18)
    #expect(blocks.index(of: "_conv_head.weight") == 17)
    #expect(blocks.index(of: "_bn1.weight") == 17)
    #expect(blocks.index(of: "_blocks.15._bn2.weight") == 16)
    #expect(blocks.index(of: "_conv_stem.weight") == 0)
  }
}
