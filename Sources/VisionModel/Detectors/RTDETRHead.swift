import VisionGraph
import VisionImage
import VisionTensor

/// RT-DETR and Deformable DETR: logits N×Q×K, and N×Q×4 with centers and sides in parts of the image; or, as Ultralytics
/// exports RT-DETR, one output: N×Q×(4+K) of boxes and probabilities, or N×Q×6 of boxes, probability and class.
struct RTDETRHead: DetectorHead {
  static let kind = DetectorKind.rtDetr
  private let outputs: Outputs

  private enum Outputs {
    case queries(QueryOutputs)
    case joined(DetectorView.Output)
    case selected(DetectorView.Output, labels: [String])
  }

  /// What Ultralytics' metadata calls the head of RT-DETR, whose outputs look like those of its other networks.
  static let ultralyticsHead = "RTDETRDecoder"

  static func find(in view: DetectorView) -> RTDETRHead? {
    if let outputs = QueryOutputs(view) {
      guard view.labels.isEmpty || outputs.columns == view.labels.count else { return nil }
      return RTDETRHead(outputs: .queries(outputs))
    }
    guard view.outputs.count == 1, let output = view.outputs.first, output.shape.rank == 3,
      output.type.isFloatingPoint, view.metadata.task == "detect", !view.labels.isEmpty,
      output.shape[1] <= 1000
    else { return nil }
    guard view.metadata.head == nil || view.metadata.head == ultralyticsHead else { return nil }
    if view.metadata.head != nil, output.shape[2] == 6 {
      return RTDETRHead(outputs: .selected(output, labels: view.labels))
    }
    guard output.shape[2] == 4 + view.labels.count else { return nil }
    return RTDETRHead(outputs: .joined(output))
  }

  var evidence: String {
    switch outputs {
    case .queries(let queries):
      "logits of \(queries.columns) classes and boxes of \(queries.logits.shape[1]) queries"
    case .joined(let output):
      "the metadata (task detect) and an output of \(output.shape[1]) queries with 4 + \(output.shape[2] - 4) numbers"
    case .selected: "the metadata (task detect, head \(Self.ultralyticsHead))"
    }
  }

  var convention: DetectorConvention {
    var convention = DetectorConvention(
      sizing: .fixed(open: 640), fit: .squash, scale: 1.0 / 255, overlap: 1)
    // That of transformers' image processors.
    if case .queries = outputs { convention.filter = .bilinear }
    return convention
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    switch outputs {
    case .queries(let queries):
      return DecodedOutputs(
        boxes: try QueryOutputs.boxes(builder.value(queries.boxes), view, builder),
        scores: try builder.apply(Sigmoid(), builder.value(queries.logits)))
    case .joined(let output):
      let rows = try builder.value(output)
      return DecodedOutputs(
        boxes: try QueryOutputs.boxes(builder.slice(rows, 2, 0..<4), view, builder),
        scores: try builder.slice(rows, 2, 4..<output.shape[2]))
    case .selected(let output, let labels):
      let rows = try builder.value(output)
      return DecodedOutputs(
        boxes: try QueryOutputs.boxes(builder.slice(rows, 2, 0..<4), view, builder),
        scores: try builder.classScores(rows, classes: labels.count))
    }
  }
}
