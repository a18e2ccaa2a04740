import VisionSystem
package import VisionTensor

/// The gradients of an operator that scatters, named after it, such as `ScatterNDGradient`.
///
/// Inputs: g of the type and shape of x; x, a floating-point type; indices and updates as the operator has them. Outputs: the
/// derivatives with respect to x and to the updates.
package struct ScatterGradient<Movement: Scattering>: InternalOperator {
  package static var name: String { "\(Movement.name)Gradient" }
  package let scatter: Movement

  package init(_ scatter: Movement) { self.scatter = scatter }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 1, types: .floats)
    try ShapeRule.same(inputs, 0, as: x)
    _ = try scatter.outputs(Array(inputs.dropFirst()))
    let updates = try ShapeRule.required(inputs, 3)
    return [Fact(x.type, x.shape), Fact(x.type, updates.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let places = try scatter.places(in: facts[0].shape, Reference.required(inputs, 2), facts[1].shape)
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    let updates = try Reference.required(inputs, 3).doubles
    var writers: [Int: [Int]] = [:]
    for (update, place) in places.enumerated() { writers[place, default: []].append(update) }
    var (ofX, ofUpdates) = (g, updates)
    for (place, writers) in writers {
      let factors = scatter.reduction.derivatives(x[place], writers.map { updates[$0] })
      ofX[place] = g[place] * factors[0]
      for (writer, factor) in zip(writers, factors.dropFirst()) { ofUpdates[writer] = g[place] * factor }
    }
    return zip(facts, [ofX, ofUpdates]).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
  }

  package var attributes: Attributes { scatter.attributes }
}
