import VisionGraph
import VisionImage
import VisionTensor

/// NanoDet of 2020: cells of the strides 8, 16 and 32, whose points are their centers (nanodet/model/head/gfl_head.py).
/// Classes and distances are one output, or two for each level.
struct NanoDetLevelsHead: DetectorHead {
  static let kind = DetectorKind.nanodet
  private static let strides = [8, 16, 32]
  private let outputs: Outputs

  private enum Outputs {
    case levels(LevelOutputs)
    case joined(NanoDetOutput)
  }

  static func find(in view: DetectorView) -> NanoDetLevelsHead? {
    if let levels = LevelOutputs(view, strides: strides) {
      return NanoDetLevelsHead(outputs: .levels(levels))
    }
    return NanoDetOutput(view, strides: strides).map { NanoDetLevelsHead(outputs: .joined($0)) }
  }

  var evidence: String {
    switch outputs {
    case .levels(let levels): levels.evidence
    case .joined(let output):
      "\(output.classes) classes and 4 × \(output.bins) numbers for each cell of the strides 8, 16 and 32"
    }
  }

  var convention: DetectorConvention {
    var convention = DetectorConvention.nanoDet
    convention.sizing = .fixed(open: 320)
    return convention
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    switch outputs {
    case .levels(let levels): try levels.decode(view, builder)
    case .joined(let output): try output.decode(view, builder, strides: Self.strides, offset: 0.5)
    }
  }
}
