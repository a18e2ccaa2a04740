package import VisionTensor

/// The gradients of PRelu: gx = g where x > 0, else g · slope; gslope = Σ of g · x where x ≤ 0.
///
/// Inputs: g, x, slope that broadcasts to x, all of one floating-point type; outputs: gx, gslope.
package struct PReluGradient: InternalOperator {
  package static let name = "PReluGradient"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    let slope = try ShapeRule.required(inputs, 2)
    return try PRelu().outputs(Array(inputs.dropFirst())) + [Fact(g.type, slope.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    let slopes = try Reference.required(inputs, 2).doubles
    var result = g
    var sums = [Double](repeating: 0, count: slopes.count)
    let positions = Reference.indices(of: facts[1].shape, broadcastTo: facts[0].shape)
    for (index, slope) in positions.enumerated() where !(x[index] > 0) {
      result[index] = g[index] * slopes[slope]
      sums[slope] += g[index] * x[index]
    }
    return [
      Tensor(doubles: result, shape: facts[0].shape, elementType: facts[0].type),
      Tensor(doubles: sums, shape: facts[1].shape, elementType: facts[1].type),
    ]
  }
}
