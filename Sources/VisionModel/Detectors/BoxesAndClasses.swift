import VisionTensor

/// Two outputs N×A×4 and N×A×K that are about the same places.
struct BoxesAndClasses: Sendable {
  let boxes: DetectorView.Output
  let classes: DetectorView.Output
  var columns: Int { classes.shape[2] }

  /// Nil where the network has not exactly one output of each kind for `count` places, or further ones than `extras` of
  /// one column.
  init?(_ view: DetectorView, count: Int, extras: Int = 0) {
    let rows = view.rows(of: count)
    guard view.outputs.count == rows.count, rows.count == 2 + extras else { return nil }
    let boxes = rows.filter { $0.shape[2] == 4 }
    let classes = rows.filter { $0.shape[2] != 4 && (extras == 0 || $0.shape[2] != 1) }
    guard boxes.count == 1, classes.count == 1 else { return nil }
    (self.boxes, self.classes) = (boxes[0], classes[0])
  }
}
