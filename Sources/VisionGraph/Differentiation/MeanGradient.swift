package import VisionTensor

/// The gradient of a mean: each element of g, divided by the number of its repetitions and repeated to fill
/// the given shape.
///
/// Inputs: g, a floating-point type; the shape, int64, known before the run, which g broadcasts to.
package struct MeanGradient: InternalOperator {
  package static let name = "MeanGradient"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let shape = try ShapeRule.constantShape(inputs, 1)
    guard g.shape.broadcast(with: shape) == shape else {
      throw ShapeError("\(g.shape) does not broadcast to \(shape)")
    }
    return [Fact(g.type, shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0)
    let count = Double(fact.shape.elementCount) / Double(max(g.elementCount, 1))
    let source = g.doubles
    let values = Reference.indices(of: g.shape, broadcastTo: fact.shape).map { source[$0] / count }
    return [Tensor(doubles: values, shape: fact.shape, elementType: fact.type)]
  }
}
