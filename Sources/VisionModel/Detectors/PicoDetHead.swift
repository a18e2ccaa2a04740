import VisionImage
import VisionGraph
import VisionTensor

/// PicoDet of PaddleDetection, without its post-processing: four levels whose points are the cells' centers.
struct PicoDetHead: DetectorHead {
  static let kind = DetectorKind.picodet
  private let outputs: LevelOutputs

  static func find(in view: DetectorView) -> PicoDetHead? {
    LevelOutputs(view, strides: [8, 16, 32, 64]).map { PicoDetHead(outputs: $0) }
  }

  var evidence: String { outputs.evidence }

  var convention: DetectorConvention {
    DetectorConvention(
      sizing: .fixed(open: 416), fit: .squash, scale: 1.0 / 255, mean: [0.485, 0.456, 0.406],
      deviation: [0.229, 0.224, 0.225], confidence: 0.4, overlap: 0.5)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    try outputs.decode(view, builder)
  }
}
