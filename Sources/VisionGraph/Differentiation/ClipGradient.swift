package import VisionTensor

/// gx = g where low < x < high, else 0. The gradient at the bounds is 0, as for ReLU and ReLU6 in PyTorch.
///
/// Inputs: g, x, of one floating-point type and shape; optional scalars low and high.
package struct ClipGradient: ElementwiseGradient {
  package static let name = "ClipGradient"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    return try Clip().outputs(Array(inputs.dropFirst()))
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    let low = Reference.optional(inputs, 2)?.doubles[0] ?? -.infinity
    let high = Reference.optional(inputs, 3)?.doubles[0] ?? .infinity
    let result = zip(g, x).map { $1 > low && $1 < high ? $0 : $1.isNaN ? $1 : 0 }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package func differentiated(_ inputs: [Fact?]) -> ElementFunction? {
    Clip().elementFunction(Array(inputs.dropFirst()))
  }
}
