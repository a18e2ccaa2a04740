import VisionGraph
import VisionImage
import VisionTensor

/// YOLOv8, YOLO11 and YOLO12 as Ultralytics exports them: one output N×(4+K)×A with centers, sides and the probabilities
/// of the classes, decoded.
struct YOLOHead: DetectorHead {
  static let kind = DetectorKind.yolov8
  /// Strides of the levels, as one of which the number of places is found.
  private static let levels = [[8, 16, 32], [8, 16, 32, 64], [4, 8, 16, 32], [16, 32]]
  private let output: DetectorView.Output
  let evidence: String

  static func find(in view: DetectorView) -> YOLOHead? {
    guard view.outputs.count == 1, let output = view.outputs.first, output.shape.rank == 3,
      output.type.isFloatingPoint, output.shape[1] > 4
    else { return nil }
    let (columns, places) = (output.shape[1], output.shape[2])
    guard view.labels.isEmpty || columns == 4 + view.labels.count else { return nil }
    let strides = levels.first { $0.reduce(0) { $0 + view.cells($1) } == places }
    let isNamed = view.metadata.task == "detect" && !view.labels.isEmpty && places > columns
    guard strides != nil || isNamed else { return nil }
    return YOLOHead(
      output: output,
      evidence: isNamed
        ? "the metadata (task detect, \(view.labels.count) names)"
        : "an output of 4 + \(columns - 4) rows and a column for each cell")
  }

  var convention: DetectorConvention { .yolo }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let rows = try builder.apply(Transpose([0, 2, 1]), builder.value(output))
    return DecodedOutputs(
      boxes: try builder.boxes(
        center: builder.slice(rows, 2, 0..<2), sides: builder.slice(rows, 2, 2..<4)),
      scores: try builder.slice(rows, 2, 4..<output.shape[1]))
  }
}

extension DetectorConvention {
  /// As YOLO's programs prepare images: letterboxed on gray, RGB in 0...1.
  static let yolo = DetectorConvention(
    sizing: .fixed(open: 640),
    fit: .letterbox(fill: RGBColor(red: 114, green: 114, blue: 114), anchor: .centerDown), scale: 1.0 / 255)
}
