import VisionSystem
package import VisionTensor

/// The gradient of Col2Im: each element of a block has that of the element of the image that it was added to.
///
/// Inputs: g of the shape of the image, a floating-point type; the shape of x, int64, known before the run; the extents of image
/// and block as Col2Im has them.
package struct Col2ImGradient: InternalOperator {
  package static let name = "Col2ImGradient"
  package let operation: Col2Im

  package init(_ operation: Col2Im) { self.operation = operation }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let x = Fact(g.type, try ShapeRule.constantShape(inputs, 1))
    let image = try operation.outputs([x] + inputs.dropFirst(2))[0]
    guard g.shape == image.shape else { throw ShapeError("gradient \(g.shape) is not \(image.shape)") }
    return [x]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let places = try operation.places([nil] + inputs.dropFirst(2), fact.shape)
    return [
      Tensor(
        doubles: places.map { place in place.map { g[$0] } ?? 0 }, shape: fact.shape, elementType: fact.type)
    ]
  }

  package var attributes: Attributes { operation.attributes }
}
