package import VisionTensor

/// y = Σ of x over the axes along which a tensor of the given shape is repeated when it broadcasts to the
/// shape of x: the transpose of broadcasting.
///
/// Inputs: x, a floating-point type; the shape of y, int64, known before the run, which broadcasts to that of x.
package struct SumToShape: InternalOperator {
  package static let name = "SumToShape"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let shape = try ShapeRule.constantShape(inputs, 1)
    guard shape.broadcast(with: x.shape) == x.shape else {
      throw ShapeError("\(shape) does not broadcast to \(x.shape)")
    }
    return [Fact(x.type, shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let source = x.doubles
    var sums = [Double](repeating: 0, count: fact.shape.elementCount)
    for (from, to) in Reference.indices(of: fact.shape, broadcastTo: x.shape).enumerated() {
      sums[to] += source[from]
    }
    return [Tensor(doubles: sums, shape: fact.shape, elementType: fact.type)]
  }

  package func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in try node.add(Expand(), node.gradient, node.shape(of: x)) }
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}

extension ShapeRule {
  /// The shape that the int64 input at `index` lists.
  package static func constantShape(_ inputs: [Fact?], _ index: Int) throws(ShapeError) -> Shape {
    let fact = try required(inputs, index, types: [.int64])
    guard fact.shape.rank == 1, let extents = try constant(inputs, index, "the shape") else {
      throw ShapeError("the shape (input \(index)) has \(fact.shape.rank) axes instead of 1")
    }
    return try shape(extents, "shape")
  }
}
