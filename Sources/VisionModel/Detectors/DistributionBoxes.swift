import VisionGraph
import VisionTensor

/// Boxes whose edges' distances from a point are distributions over 0, 1, …, M − 1 strides (distribution focal loss,
/// Li et al. 2020).
struct DistributionBoxes {
  /// M.
  let bins: Int
  let strides: [Int]
  /// Where the points lie, in parts of a cell.
  let offset: Float

  /// - Parameter logits: N×A×4M, those of left, top, right and bottom one after the other.
  func decode(_ logits: Value, _ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> Value {
    let grid = PlaceGrid(view, strides)
    let parts = try builder.apply(Softmax(axis: 3), builder.reshape(logits, [0, -1, 4, bins]))
    let places = builder.constant((0..<bins).map { Float($0) }, [bins, 1])
    let means = try builder.reshape(builder.apply(MatMul(), parts, places), [0, -1, 4])
    let distances = try builder.multiply(means, builder.constant(grid.strides, [grid.count, 1]))
    return try builder.boxes(around: grid.points(builder, offset: offset), distances: distances)
  }
}
