import VisionNet

/// y = x²: an operator with a shape rule, a reference, a gradient and a kernel of its own.
struct Square: ComputedOperator {
  static let name = "Square"

  func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    guard inputs.count == 1, let x = inputs[0], x.type.isFloatingPoint else {
      throw ShapeError("one floating-point tensor is needed")
    }
    return [Fact(x.type, x.shape)]
  }

  func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    guard let x = inputs.first ?? nil else { throw EvaluationError("the input is missing") }
    return [Tensor(doubles: x.doubles.map { $0 * $0 }, shape: x.shape, elementType: x.elementType)]
  }

  func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let half = try node.gradient * node.input(0)
    return [try half + half]
  }

  static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    [try graph.add(Square(), node.input(0), name: node.name)]
  }

  /// 1,024 elements each.
  func kernelParts(_ inputs: [Fact?], _ outputs: [Fact]) -> Int? {
    (outputs[0].shape.elementCount + 1023) / 1024
  }

  func compute(part: Int, of count: Int, in memory: borrowing KernelMemory) {
    let (x, y) = (memory.input(0), memory.output(0))
    for index in part * 1024..<min(part * 1024 + 1024, x.count) { y[index] = x[index] * x[index] }
  }
}
