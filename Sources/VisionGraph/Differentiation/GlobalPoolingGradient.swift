package import VisionTensor

/// The gradient of a global pooling, named after it, such as `GlobalMaxPoolGradient`.
///
/// Inputs: g N×C×1…, x N×C×spatial, of one floating-point type.
package struct GlobalPoolingGradient<Pool: GlobalPooling>: InternalOperator {
  package static var name: String { "\(Pool.name)Gradient" }
  package let pool: Pool

  package init(_ pool: Pool) { self.pool = pool }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let x = try ShapeRule.required(inputs, 1, types: [g.type])
    let y = try pool.outputs([x])[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let g = try Reference.required(inputs, 0)
    let x = try Reference.required(inputs, 1)
    _ = try resolved(inputs)
    let plane = x.shape.dimensions.dropFirst(2).reduce(1, *)
    let source = x.doubles
    var result: [Double] = []
    result.reserveCapacity(source.count)
    for (channel, g) in g.doubles.enumerated() {
      let elements = Array(source[(channel * plane)..<((channel + 1) * plane)])
      result += pool.derivatives(elements).map { $0 * g }
    }
    return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
  }

  package var attributes: Attributes { pool.attributes }
}
