package import VisionTensor

/// gx = g · the product of all other elements: the gradient of ReduceProd, correct also where elements are
/// zero.
///
/// Inputs: g with the reduced axes kept, x, of one floating-point type.
package struct ReduceProdGradient: InternalOperator {
  package static let name = "ReduceProdGradient"
  /// The reduced axes, counted from the end when negative; nil stands for all.
  package let axes: [Int]?

  package init(axes: [Int]?) { self.axes = axes }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let x = try ShapeRule.required(inputs, 1, types: [g.type])
    let y = try ReduceProd(axes: axes).outputs([x])[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let g = try Reference.required(inputs, 0)
    let x = try Reference.required(inputs, 1)
    let (gradient, source) = (g.doubles, x.doubles)
    let rows = Reference.indices(of: g.shape, broadcastTo: x.shape)
    var members = [[Int]](repeating: [], count: gradient.count)
    for (index, row) in rows.enumerated() { members[row].append(index) }
    let result = source.indices.map { index in
      members[rows[index]].reduce(gradient[rows[index]]) { $1 == index ? $0 : $0 * source[$1] }
    }
    return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
  }

  package var attributes: Attributes { axes.map { ["axes": .ints($0)] } ?? [:] }
}
