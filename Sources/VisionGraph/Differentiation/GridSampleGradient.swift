import VisionSystem
package import VisionTensor

/// The gradients of GridSample.
///
/// Inputs: g of the shape of its output; x and grid as GridSample has them, floating-point types. Outputs: the derivatives with
/// respect to x and to the grid. Where a position is moved to the border, the grid has derivative 0.
package struct GridSampleGradient: InternalOperator {
  package static let name = "GridSampleGradient"
  package let sample: GridSample

  package init(_ sample: GridSample) { self.sample = sample }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 1, types: .floats)
    let grid = try ShapeRule.required(inputs, 2, types: .floats)
    try ShapeRule.same(inputs, 0, as: sample.outputs([x, grid])[0])
    return [Fact(x.type, x.shape), Fact(grid.type, grid.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let g = try Reference.required(inputs, 0)
    let x = try Reference.required(inputs, 1)
    let grid = try Reference.required(inputs, 2)
    let (channels, plane, points) = GridSample.extents(x.shape, g.shape)
    let (given, source, axes) = (g.doubles, x.doubles, x.shape.rank - 2)
    var ofX = [Double](repeating: 0, count: x.elementCount)
    var ofGrid = [Double](repeating: 0, count: grid.elementCount)
    sample.forEachPoint(x.shape, grid) { image, point, taps in
      GridSample.forEachTap(taps, x.shape) { position, weight, slopes in
        guard let position else { return }
        var along = 0.0
        for channel in 0..<channels {
          let row = image * channels + channel
          ofX[row * plane + position] += weight * given[row * points + point]
          along += given[row * points + point] * source[row * plane + position]
        }
        let start = (image * points + point) * axes
        for axis in 0..<axes { ofGrid[start + axes - 1 - axis] += along * slopes[axis] }
      }
    }
    return zip(facts, [ofX, ofGrid]).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
  }

  package var attributes: Attributes { sample.attributes }
}
