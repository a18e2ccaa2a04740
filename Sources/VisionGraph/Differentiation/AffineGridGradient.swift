import VisionSystem
package import VisionTensor

/// The gradient of AffineGrid: Σ over the points p of g[n, p…] · (position of p, 1)ᵀ.
///
/// Inputs: g of the shape of the grid, a floating-point type; the shape of theta, int64, known before the run.
package struct AffineGridGradient: InternalOperator {
  package static let name = "AffineGridGradient"
  package let grid: AffineGrid

  package init(_ grid: AffineGrid) { self.grid = grid }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let theta = try ShapeRule.constantShape(inputs, 1)
    guard let axes = g.shape.last, g.shape.rank == axes + 2, theta == [g.shape[0], axes, axes + 1] else {
      throw ShapeError("gradient \(g.shape) does not fit theta \(theta)")
    }
    return [Fact(g.type, theta)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0)
    let (numbers, axes) = (g.doubles, g.shape.rank - 2)
    let plane = Shape(g.shape.dimensions.dropFirst().dropLast())
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    var next = 0
    for image in 0..<g.shape[0] {
      Reference.forEachCoordinate(plane) { at in
        for row in 0..<axes {
          for (column, position) in grid.position(of: at, in: plane).enumerated() {
            result[(image * axes + row) * (axes + 1) + column] += numbers[next] * position
          }
          next += 1
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { grid.attributes }
}
