import VisionGraph
import VisionTensor

/// torchvision's FCOS without its selection: logits N×A×K of the classes, distances N×A×4 of the edges in strides, and the
/// logits N×A×1 of how central a cell is.
struct FCOSHead: DetectorHead {
  static let kind = DetectorKind.fcos
  private let outputs: BoxesAndClasses
  private let centerness: DetectorView.Output

  static func find(in view: DetectorView) -> FCOSHead? {
    let count = TorchvisionLevels.count(view)
    let single = view.rows(of: count, columns: 1)
    guard single.count == 1, let outputs = BoxesAndClasses(view, count: count, extras: 1) else { return nil }
    return FCOSHead(outputs: outputs, centerness: single[0])
  }

  var evidence: String { "classes, boxes and centerness for each cell of the strides 8 to 128" }

  var convention: DetectorConvention {
    var convention = DetectorConvention.torchvision
    convention.overlap = 0.6
    return convention
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let cells = TorchvisionLevels(view).cells
    let points = builder.constant(cells.flatMap { [$0.x, $0.y] }, [cells.count, 2])
    let sizes = builder.constant(
      cells.map { Float(TorchvisionLevels.strides[$0.level]) }, [cells.count, 1])
    let distances = try builder.multiply(builder.value(outputs.boxes), sizes)
    let product = try builder.multiply(
      builder.apply(Sigmoid(), builder.value(outputs.classes)),
      builder.apply(Sigmoid(), builder.value(centerness)))
    return DecodedOutputs(
      boxes: try builder.boxes(around: points, distances: distances),
      scores: try builder.apply(Sqrt(), product))
  }
}
