import VisionGraph
import VisionImage
import VisionTensor

/// CenterNet (Objects as Points, Zhou et al. 2019), whose outputs are called `hm`, `wh` and `reg`: for each cell of 4 × 4
/// pixels how likely the center of an object of each class is there, the width and height in cells, and the center's
/// offset. Boxes are those of cells that are not less likely than their eight neighbors.
struct CenterNetHead: DetectorHead {
  static let kind = DetectorKind.centernet
  private static let stride = 4
  private let centers: DetectorView.Output
  private let sides: DetectorView.Output
  private let offsets: DetectorView.Output
  /// Whether the numbers of the centers are probabilities.
  private let areProbabilities: Bool

  static func find(in view: DetectorView) -> CenterNetHead? {
    guard view.height % stride == 0, view.width % stride == 0 else { return nil }
    let cells = [view.height / stride, view.width / stride]
    func map(_ name: String) -> DetectorView.Output? {
      let outputs = view.outputs.filter {
        $0.name == name && $0.shape.rank == 4 && Array($0.shape.dimensions.dropFirst(2)) == cells
          && $0.type.isFloatingPoint
      }
      return outputs.count == 1 ? outputs[0] : nil
    }
    guard view.outputs.count == 3, let centers = map("hm"), let sides = map("wh"), let offsets = map("reg"),
      sides.shape[1] == 2, offsets.shape[1] == 2,
      view.labels.isEmpty || view.labels.count == centers.shape[1]
    else { return nil }
    return CenterNetHead(
      centers: centers, sides: sides, offsets: offsets,
      areProbabilities: OutputTrace(view.graph, centers.value).hasSigmoid)
  }

  var evidence: String { "outputs hm, wh and reg of \(centers.shape[1]) classes at the stride 4" }

  var convention: DetectorConvention {
    DetectorConvention(
      sizing: .fixed(open: 512), fit: .letterbox(fill: .black), channels: .bgr, scale: 1.0 / 255,
      mean: [0.408, 0.447, 0.470], deviation: [0.289, 0.274, 0.278], overlap: 1)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    /// N×C×h×w → N×A×C.
    func rows(_ map: Value) throws(GraphError) -> Value {
      try builder.apply(Transpose([0, 2, 1]), builder.reshape(map, [0, map.shape[1], -1]))
    }
    var heat = try builder.value(centers)
    if !areProbabilities { heat = try builder.apply(Sigmoid(), heat) }
    let window = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    let isPeak = try builder.apply(
      Cast(to: .float32), builder.apply(Equal(), heat, builder.apply(MaxPool(window: window), heat)))
    let grid = PlaceGrid(view, [Self.stride])
    let stride = builder.scalar(Float(Self.stride))
    let center = try builder.multiply(
      builder.add(rows(builder.value(offsets)), builder.constant(grid.cells, [grid.count, 2])), stride)
    return DecodedOutputs(
      boxes: try builder.boxes(
        center: center, sides: builder.multiply(rows(builder.value(sides)), stride)),
      scores: try rows(builder.multiply(heat, isPeak)))
  }
}
