import VisionGraph
import VisionTensor

/// The outputs of detectors with queries as DETR's authors and transformers call them: `logits` or `pred_logits`, and
/// `pred_boxes`.
struct QueryOutputs: Sendable {
  /// N×Q×C.
  let logits: DetectorView.Output
  /// N×Q×4.
  let boxes: DetectorView.Output
  var columns: Int { logits.shape[2] }

  init?(_ view: DetectorView) {
    let logits = view.outputs.filter { ["logits", "pred_logits"].contains($0.name) }
    let boxes = view.outputs.filter { $0.name == "pred_boxes" }
    guard logits.count == 1, boxes.count == 1, logits[0].shape.rank == 3, boxes[0].shape.rank == 3,
      logits[0].type.isFloatingPoint, boxes[0].type.isFloatingPoint, boxes[0].shape[2] == 4,
      logits[0].shape[1] == boxes[0].shape[1]
    else { return nil }
    (self.logits, self.boxes) = (logits[0], boxes[0])
  }

  /// Boxes in pixels from centers and sides in parts of the image.
  static func boxes(_ parts: Value, _ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> Value
  {
    let size = builder.constant([Float(view.width), Float(view.height)], [2])
    return try builder.boxes(
      center: builder.multiply(builder.slice(parts, 2, 0..<2), size),
      sides: builder.multiply(builder.slice(parts, 2, 2..<4), size))
  }
}
