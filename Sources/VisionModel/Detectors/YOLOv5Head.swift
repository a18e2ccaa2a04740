import VisionGraph
import VisionTensor

/// YOLOv5 and YOLOv7: N×A×(5+K) with three boxes a cell: centers, sides, the probability of an object and those of the
/// classes, decoded. Further outputs are the levels' numbers before that.
struct YOLOv5Head: DetectorHead {
  static let kind = DetectorKind.yolov5
  private static let levels = [[8, 16, 32], [8, 16, 32, 64]]
  private let output: DetectorView.Output

  static func find(in view: DetectorView) -> YOLOv5Head? {
    let candidates = view.outputs.filter { $0.shape.rank == 3 && $0.type.isFloatingPoint }
    guard candidates.count == 1, let output = candidates.first, output.shape[2] > 5 else { return nil }
    let others = view.outputs.filter { $0.value != output.value }
    guard others.allSatisfy({ $0.shape.rank == 5 && $0.shape[4] == output.shape[2] }) else { return nil }
    guard view.labels.isEmpty || output.shape[2] == 5 + view.labels.count else { return nil }
    let cells = levels.map { $0.reduce(0) { $0 + view.cells($1) } }
    let trace = OutputTrace(view.graph, output.value)
    // One box a cell is that of networks without anchors; if they are decoded, the columns mean the same.
    guard cells.contains(where: { 3 * $0 == output.shape[1] || ($0 == output.shape[1] && trace.isDecoded) })
    else { return nil }
    return YOLOv5Head(output: output)
  }

  var evidence: String { "an output of \(output.shape[1]) boxes × (5 + \(output.shape[2] - 5))" }

  var convention: DetectorConvention {
    var convention = DetectorConvention.yolo
    convention.overlap = 0.45
    return convention
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let rows = try builder.value(output)
    return DecodedOutputs(
      boxes: try builder.boxes(
        center: builder.slice(rows, 2, 0..<2), sides: builder.slice(rows, 2, 2..<4)),
      scores: try builder.multiply(
        builder.slice(rows, 2, 5..<output.shape[2]), builder.slice(rows, 2, 4..<5)))
  }
}
