import VisionGraph
import VisionImage
import VisionTensor

/// torchvision's SSD300 and SSDLite320 without their selection: logits N×A×(1+K) of which the first is that of the
/// background, and the codes N×A×4 of boxes for the default boxes.
struct SSDHead: DetectorHead {
  static let kind = DetectorKind.ssd
  private let boxes: DefaultBoxes
  private let outputs: BoxesAndClasses

  static func find(in view: DetectorView) -> SSDHead? {
    guard let boxes = DefaultBoxes(view), let outputs = BoxesAndClasses(view, count: boxes.count),
      outputs.columns > 1
    else { return nil }
    return SSDHead(boxes: boxes, outputs: outputs)
  }

  var evidence: String { "classes and boxes for the \(boxes.count) default boxes of \(boxes.name)" }
  var convention: DetectorConvention { boxes.convention }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let codes = AnchorCodes(anchors: boxes.anchors, centerWeight: 10, sideWeight: 5)
    let scores = try builder.apply(Softmax(axis: 2), builder.value(outputs.classes))
    return DecodedOutputs(
      boxes: try codes.decode(builder.value(outputs.boxes), builder),
      scores: try builder.slice(scores, 2, 1..<outputs.columns))
  }
}
