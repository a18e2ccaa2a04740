import VisionGraph
import VisionImage
import VisionTensor

/// DETR: logits N×Q×(K+1) of which the last stands for no object, and N×Q×4 with centers and sides in parts of the image.
struct DETRHead: DetectorHead {
  static let kind = DetectorKind.detr
  private let outputs: QueryOutputs

  static func find(in view: DetectorView) -> DETRHead? {
    guard let outputs = QueryOutputs(view), outputs.columns > 1,
      view.labels.isEmpty || outputs.columns == view.labels.count + 1
    else { return nil }
    return DETRHead(outputs: outputs)
  }

  var evidence: String {
    "logits of \(outputs.columns) classes and boxes of \(outputs.logits.shape[1]) queries"
  }

  var convention: DetectorConvention {
    DetectorConvention(
      sizing: .fixed(open: 800), fit: .squash, filter: .bilinear, scale: 1.0 / 255,
      mean: [0.485, 0.456, 0.406],
      deviation: [0.229, 0.224, 0.225], overlap: 1)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let scores = try builder.apply(Softmax(axis: 2), builder.value(outputs.logits))
    return DecodedOutputs(
      boxes: try QueryOutputs.boxes(builder.value(outputs.boxes), view, builder),
      scores: try builder.slice(scores, 2, 0..<outputs.columns - 1))
  }
}
