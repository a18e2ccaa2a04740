import VisionGraph

/// ResNet-18, -34 and -50. He et al., "Deep Residual Learning for Image Recognition", 2015, table 1; the
/// stride of a bottleneck block is in its 3×3 convolution ("v1.5").
///
/// Names and initial values are those of torchvision's `resnet18`, `resnet34` and `resnet50`. Images are
/// 3×224×224 or any size from 32.
public struct ResNet: Network {
  /// The depths in the paper, as numbers of layers with weights.
  public enum Depth: Int, Sendable, CaseIterable {
    case resNet18 = 18
    case resNet34 = 34
    case resNet50 = 50

    /// Blocks in each of the four stages.
    var blocks: [Int] { self == .resNet18 ? [2, 2, 2, 2] : [3, 4, 6, 3] }
  }

  public let depth: Depth
  /// K, the number of outputs.
  public let classes: Int
  /// Channels of the stem and the first stage; each later stage has twice as many.
  public let width: Int

  public init(_ depth: Depth, classes: Int = 1000, width: Int = 64) {
    self.depth = depth
    self.classes = classes
    self.width = width
  }

  public var body: some Layer {
    Conv2D(width, kernel: 7, stride: 2, bias: false, initializer: .kaimingNormal).named("conv1")
    BatchNorm().named("bn1")
    ReLU().named("relu")
    MaxPool2D(3, stride: 2, padding: 1).named("maxpool")
    for (stage, blocks) in depth.blocks.enumerated() {
      Sequential {
        for block in 0..<blocks {
          let stride = stage > 0 && block == 0 ? 2 : 1
          if depth == .resNet50 {
            BottleneckBlock(width << stage, stride: stride)
          } else {
            BasicBlock(width << stage, stride: stride)
          }
        }
      }.named("layer\(stage + 1)")
    }
    GlobalAveragePool().named("avgpool")
    Dense(classes).named("fc")
  }
}
