package import VisionTensor

/// The gradient of a function along one axis, named after it: `SoftmaxGradient`, `LogSoftmaxGradient`.
///
/// Inputs: g and y, of one floating-point type and shape.
package struct SoftmaxGradient<Function: SoftmaxLike>: InternalOperator {
  package static var name: String { "\(Function.name)Gradient" }
  package let function: Function

  package init(_ function: Function) { self.function = function }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    return try function.outputs([g])
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let y = try Reference.required(inputs, 1).doubles
    let g = try Reference.required(inputs, 0).doubles
    var result = g
    let axis = function.axis < 0 ? function.axis + fact.shape.rank : function.axis
    Reference.forEachLine(fact.shape, axis: axis) { start, step, count in
      let places = (0..<count).map { start + $0 * step }
      let line = function.derivative(places.map { g[$0] }, places.map { y[$0] })
      for (place, value) in zip(places, line) { result[place] = value }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { function.attributes }
  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 4 * outputs[0].shape.elementCount }
}
