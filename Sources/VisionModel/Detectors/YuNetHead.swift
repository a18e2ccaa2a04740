import VisionGraph
import VisionImage
import VisionTensor

/// YuNet (2023): for each cell the probabilities of a face and of an object, a box and five points.
///
/// Decoding as in OpenCV's `FaceDetectorYN` (modules/objdetect/src/face_detect.cpp), with its thresholds.
struct YuNetHead: DetectorHead {
  static let kind = DetectorKind.yunet
  private static let strides = [8, 16, 32]
  /// One for each stride.
  private let levels: [Level]

  /// Of one stride: twice N×A×1, N×A×4 and N×A×10.
  private struct Level {
    let scores: [DetectorView.Output]
    let boxes: DetectorView.Output
    let points: DetectorView.Output
  }

  static func find(in view: DetectorView) -> YuNetHead? {
    guard view.outputs.count == 4 * strides.count else { return nil }
    let levels = strides.compactMap { stride -> Level? in
      let cells = view.cells(stride)
      let (scores, boxes, points) = (
        view.rows(of: cells, columns: 1), view.rows(of: cells, columns: 4), view.rows(of: cells, columns: 10)
      )
      guard scores.count == 2, boxes.count == 1, points.count == 1 else { return nil }
      return Level(scores: scores, boxes: boxes[0], points: points[0])
    }
    return levels.count == strides.count ? YuNetHead(levels: levels) : nil
  }

  var evidence: String { "two scores, a box and five points for each cell of the strides 8, 16 and 32" }
  var labels: [String] { ["face"] }

  var convention: DetectorConvention {
    DetectorConvention(
      sizing: .multiple(of: 32), fit: .letterbox(fill: .black, anchor: .topLeft, enlarges: false),
      channels: .bgr, confidence: 0.9, overlap: 0.3)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let grid = PlaceGrid(view, Self.strides)
    let cells = builder.constant(grid.cells, [grid.count, 2])
    let strides = builder.constant(grid.strides, [grid.count, 1])
    let boxes = try builder.concat(levels.map(\.boxes), 1)
    let center = try builder.multiply(builder.add(builder.slice(boxes, 2, 0..<2), cells), strides)
    let sides = try builder.multiply(builder.apply(Exp(), builder.slice(boxes, 2, 2..<4)), strides)
    let product = try builder.multiply(
      builder.clip(builder.concat(levels.map { $0.scores[0] }, 1), 0, 1),
      builder.clip(builder.concat(levels.map { $0.scores[1] }, 1), 0, 1))
    let points = try builder.add(
      builder.reshape(builder.concat(levels.map(\.points), 1), [0, -1, 5, 2]),
      builder.constant(grid.cells, [grid.count, 1, 2]))
    return DecodedOutputs(
      boxes: try builder.boxes(center: center, sides: sides), scores: try builder.apply(Sqrt(), product),
      points: try builder.multiply(points, builder.constant(grid.strides, [grid.count, 1, 1])))
  }
}
