import VisionGraph
import VisionImage
import VisionTensor

/// CenterFace: for each cell of 4 × 4 pixels the probability of a face's center, the logarithms of its height and
/// width, its offset in the cell, and five points in parts of the box.
///
/// Decoding as in the published program (Star-Clouds/CenterFace, prj-python/centerface.py), which clips the upper left
/// corner to the image before it places the other corner and the points.
struct CenterFaceHead: DetectorHead {
  static let kind = DetectorKind.centerface
  private static let stride = 4
  /// The maps of centers, heights and widths, offsets (both rows before columns) and points.
  private let maps: [DetectorView.Output]

  static func find(in view: DetectorView) -> CenterFaceHead? {
    guard view.outputs.count == 4, view.height % stride == 0, view.width % stride == 0 else { return nil }
    let sides = [view.height / stride, view.width / stride]
    for (output, channels) in zip(view.outputs, [1, 2, 2, 10]) {
      guard output.type.isFloatingPoint, output.shape.rank == 4,
        Array(output.shape.dimensions.dropFirst()) == [channels] + sides
      else { return nil }
    }
    return CenterFaceHead(maps: view.outputs)
  }

  var evidence: String { "maps of centers, sides, offsets and five points at the stride 4" }
  var labels: [String] { ["face"] }

  var convention: DetectorConvention {
    DetectorConvention(sizing: .multiple(of: 32), fit: .squash, confidence: 0.5, overlap: 0.3)
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let stride = Float(Self.stride)
    /// N×C×h×w → N×A×C.
    func rows(_ index: Int) throws(GraphError) -> Value {
      let map = try builder.value(maps[index])
      let channels = maps[index].shape[1]
      return try builder.apply(Transpose([0, 2, 1]), builder.reshape(map, [0, channels, -1]))
    }
    /// Rows and columns exchanged.
    func turned(_ x: Value) throws(GraphError) -> Value {
      try builder.apply(Gather(axis: 2), x, builder.integers([1, 0]))
    }
    let grid = PlaceGrid(view, [Self.stride])
    let limits = builder.constant([Float(view.width), Float(view.height)], [2])
    func inside(_ x: Value) throws(GraphError) -> Value {
      try builder.apply(Min(), builder.apply(Relu(), x), limits)
    }
    let sides = try builder.multiply(builder.apply(Exp(), turned(rows(1))), builder.scalar(stride))
    let center = try builder.add(
      builder.multiply(turned(rows(2)), builder.scalar(stride)), grid.points(builder, offset: 0.5))
    let corner = try inside(builder.subtract(center, builder.multiply(sides, builder.scalar(0.5))))
    let end = try inside(builder.add(corner, sides))
    let parts = try builder.apply(
      Gather(axis: 3), builder.reshape(rows(3), [0, -1, 5, 2]), builder.integers([1, 0]))
    func perPlace(_ x: Value) throws(GraphError) -> Value { try builder.reshape(x, [0, -1, 1, 2]) }
    return DecodedOutputs(
      boxes: try builder.concat([corner, end], 2), scores: try rows(0),
      points: try builder.add(builder.multiply(parts, perPlace(sides)), perPlace(corner)))
  }
}
