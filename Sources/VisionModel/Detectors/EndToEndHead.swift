import VisionGraph
import VisionTensor

/// Detectors of Ultralytics that select by themselves: N×A×6 with left, top, right, bottom, probability and class.
struct EndToEndHead: DetectorHead {
  static let kind = DetectorKind.yoloEndToEnd
  /// What Ultralytics exports unless told otherwise.
  private static let usualCount = 300
  private let output: DetectorView.Output
  let labels: [String]

  static func find(in view: DetectorView) -> EndToEndHead? {
    guard view.outputs.count == 1, let output = view.outputs.first, output.shape.rank == 3,
      output.type.isFloatingPoint, output.shape[2] == 6, !view.labels.isEmpty,
      view.metadata.head != RTDETRHead.ultralyticsHead
    else { return nil }
    let isNamed = view.metadata.task == "detect" && output.shape[1] <= 1000
    guard output.shape[1] == usualCount || isNamed else { return nil }
    return EndToEndHead(output: output, labels: view.labels)
  }

  var evidence: String { "an output of \(output.shape[1]) boxes with probability and class" }

  var convention: DetectorConvention {
    var convention = DetectorConvention.yolo
    convention.overlap = 1
    return convention
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let rows = try builder.value(output)
    return DecodedOutputs(
      boxes: try builder.slice(rows, 2, 0..<4),
      scores: try builder.classScores(rows, classes: labels.count))
  }
}
