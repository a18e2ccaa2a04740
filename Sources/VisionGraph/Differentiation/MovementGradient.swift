import VisionSystem
package import VisionTensor

/// The gradient of an operator that only moves, repeats or drops elements, named after the operator, such as
/// `SliceGradient`.
///
/// Every element of g is added to the element of x that it was read from. To find that element, the operator
/// is applied to a tensor that holds the element numbers.
///
/// Inputs: g, a floating-point type; the shape of x, int64, known before the run; the operator's inputs after x.
package struct MovementGradient<Movement: Operator>: InternalOperator {
  package static var name: String { "\(Movement.name)Gradient" }
  package let movement: Movement

  /// Precondition: the operator takes x of any type first, has one output, and writes zeros where x has no element.
  package init(_ movement: Movement) { self.movement = movement }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let shape = try ShapeRule.constantShape(inputs, 1)
    let moved = try movement.outputs([Fact(g.type, shape)] + inputs.dropFirst(2))[0]
    guard moved.shape == g.shape else {
      throw ShapeError("gradient \(g.shape) is not \(moved.shape), which \(Movement.name) makes of \(shape)")
    }
    return [Fact(g.type, shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0)
    // Numbered from 1, so that 0 marks elements that the operator fills in itself.
    let numbers = Tensor((0..<fact.shape.elementCount).map { Int64($0 + 1) }, shape: fact.shape)
    let moved = try movement.evaluate([numbers] + inputs.dropFirst(2))[0].integers
    var sums = [Double](repeating: 0, count: fact.shape.elementCount)
    for (value, number) in zip(g.doubles, moved) where number > 0 { sums[number - 1] += value }
    return [Tensor(doubles: sums, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { movement.attributes }
  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}

extension Differentiation {
  /// The gradient with respect to the first input of an operator that moves elements.
  func movement<Movement: Operator>(_ movement: Movement) throws(GraphError) -> [Value?] {
    try wanted { (index, x) throws(GraphError) in
      guard index == 0 else { return nil }
      return try add(
        MovementGradient(movement), [gradient, shape(of: x)] + inputs.dropFirst())[0]
    }
  }
}
