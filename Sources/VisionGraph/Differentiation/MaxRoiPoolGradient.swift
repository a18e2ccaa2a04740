import VisionSystem
package import VisionTensor

/// The gradient of MaxRoiPool with respect to its input: all of it goes to the first of the largest elements of a bin.
///
/// Inputs: g of the shape of the output; x and regions as MaxRoiPool has them.
package struct MaxRoiPoolGradient: InternalOperator {
  package static let name = "MaxRoiPoolGradient"
  package let pool: MaxRoiPool

  package init(_ pool: MaxRoiPool) { self.pool = pool }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 1)
    try ShapeRule.same(inputs, 0, as: pool.outputs(Array(inputs.dropFirst()))[0])
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let source = try Reference.required(inputs, 1).doubles
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    try pool.forEachBest(source, fact.shape, Reference.required(inputs, 2)) { result[$1] += g[$0] }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { pool.attributes }
}
