import VisionGraph

/// ResNet-20, -32, -44 and -56 for small images. He et al., "Deep Residual Learning for Image Recognition", 2015,
/// section 4.2: three stages of n blocks, 6n + 2 layers with weights.
///
/// Shortcuts that change the shape are 1×1 convolutions with batch normalization (the paper's option B).
/// Images are 3×32×32 or any size from 8.
public struct CIFARResNet: Network {
  /// The depths in the paper, as numbers of layers with weights.
  public enum Depth: Int, Sendable, CaseIterable {
    case resNet20 = 20
    case resNet32 = 32
    case resNet44 = 44
    case resNet56 = 56

    /// Blocks in each of the three stages.
    var blocks: Int { (rawValue - 2) / 6 }
  }

  public let depth: Depth
  /// K, the number of outputs.
  public let classes: Int
  /// Channels of the stem and the first stage; each later stage has twice as many.
  public let width: Int

  public init(_ depth: Depth = .resNet20, classes: Int = 10, width: Int = 16) {
    self.depth = depth
    self.classes = classes
    self.width = width
  }

  public var body: some Layer {
    Conv2D(width, kernel: 3, bias: false, initializer: .kaimingNormal).named("conv1")
    BatchNorm().named("bn1")
    ReLU().named("relu")
    for stage in 0..<3 {
      Sequential {
        for block in 0..<depth.blocks {
          BasicBlock(width << stage, stride: stage > 0 && block == 0 ? 2 : 1)
        }
      }.named("layer\(stage + 1)")
    }
    GlobalAveragePool().named("avgpool")
    Dense(classes).named("fc")
  }
}
