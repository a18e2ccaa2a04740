import VisionGraph
import VisionImage
import VisionTensor

/// NanoDet-Plus: cells of the strides 8, 16, 32 and 64, whose points are their upper left corners
/// (nanodet/model/head/nanodet_plus_head.py).
struct NanoDetPlusHead: DetectorHead {
  static let kind = DetectorKind.nanodetPlus
  private static let strides = [8, 16, 32, 64]
  private let output: NanoDetOutput

  static func find(in view: DetectorView) -> NanoDetPlusHead? {
    NanoDetOutput(view, strides: strides).map { NanoDetPlusHead(output: $0) }
  }

  var evidence: String {
    "\(output.classes) classes and 4 × \(output.bins) numbers for each cell of the strides 8, 16, 32 and 64"
  }
  var convention: DetectorConvention { .nanoDet }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    try output.decode(view, builder, strides: Self.strides, offset: 0)
  }
}

extension DetectorConvention {
  /// NanoDet's: squashed, BGR with the mean and deviation of ImageNet in 0...255, in its order of channels.
  static let nanoDet = DetectorConvention(
    sizing: .fixed(open: 416), fit: .squash, channels: .bgr, mean: [103.53, 116.28, 123.675],
    deviation: [57.375, 57.12, 58.395], confidence: 0.35, overlap: 0.6)
}
