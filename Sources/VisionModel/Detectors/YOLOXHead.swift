import VisionGraph
import VisionImage
import VisionTensor

/// YOLOX: N×A×(5+K) for the cells of the strides 8, 16 and 32: offsets and logarithms of sides in cells, the probability of
/// an object and those of the classes. Exports with `--decode_in_inference` have pixels already.
struct YOLOXHead: DetectorHead {
  static let kind = DetectorKind.yolox
  private static let strides = [8, 16, 32]
  private let output: DetectorView.Output
  private let isDecoded: Bool

  static func find(in view: DetectorView) -> YOLOXHead? {
    guard view.outputs.count == 1, let output = view.outputs.first, output.shape.rank == 3,
      output.type.isFloatingPoint, output.shape[2] > 5,
      output.shape[1] == strides.reduce(0, { $0 + view.cells($1) })
    else { return nil }
    let columns = output.shape[2]
    guard view.labels.isEmpty || columns == 5 + view.labels.count else { return nil }
    let trace = OutputTrace(view.graph, output.value, joining: columns)
    // Boxes, objects and classes come out of a convolution each.
    guard trace.joined.allSatisfy({ $0 == [4, 1, columns - 5] }) else { return nil }
    return YOLOXHead(output: output, isDecoded: trace.isDecoded)
  }

  var evidence: String {
    "an output of 5 + \(output.shape[2] - 5) numbers for each cell of the strides 8, 16 and 32"
  }

  var convention: DetectorConvention {
    DetectorConvention(
      sizing: .fixed(open: 640),
      fit: .letterbox(fill: RGBColor(red: 114, green: 114, blue: 114), anchor: .topLeft), channels: .bgr,
      overlap: 0.45)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let rows = try builder.value(output)
    var (center, sides) = (try builder.slice(rows, 2, 0..<2), try builder.slice(rows, 2, 2..<4))
    if !isDecoded {
      let grid = PlaceGrid(view, Self.strides)
      let strides = builder.constant(grid.strides, [grid.count, 1])
      center = try builder.multiply(
        builder.add(center, builder.constant(grid.cells, [grid.count, 2])), strides)
      sides = try builder.multiply(builder.apply(Exp(), sides), strides)
    }
    return DecodedOutputs(
      boxes: try builder.boxes(center: center, sides: sides),
      scores: try builder.multiply(
        builder.slice(rows, 2, 5..<output.shape[2]), builder.slice(rows, 2, 4..<5)))
  }
}
