public import VisionTensor

/// y = x / ‖x‖ₚ along one axis, 0 where the norm is 0. ONNX LpNormalization, opset 22.
///
/// Input: x of any shape with at least one axis, a floating-point type.
public struct LpNormalization: Operator {
  public static let name = "LpNormalization"
  /// The axis; negative counts from the end.
  public var axis: Int
  /// The order of the norm, 1 or 2.
  public var p: Int

  public init(axis: Int = -1, p: Int = 2) {
    self.axis = axis
    self.p = p
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    _ = try ShapeRule.axis(axis, rank: x.shape.rank)
    guard p == 1 || p == 2 else { throw ShapeError("the norm of order \(p) is neither 1 nor 2") }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    var values = x.doubles
    Reference.forEachLine(x.shape, axis: axis < 0 ? axis + x.shape.rank : axis) { start, step, count in
      let places = (0..<count).map { start + $0 * step }
      let sum = places.reduce(0) { $0 + (p == 1 ? abs(values[$1]) : values[$1] * values[$1]) }
      let norm = p == 1 ? sum : sum.squareRoot()
      for place in places { values[place] = norm == 0 ? 0 : values[place] / norm }
    }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      // With s = ‖x‖, gx = (g − s′ · Σ g·y) / s, where s′ is y for p = 2 and the sign of x for p = 1.
      let (g, y) = (node.gradient, node.outputs[0])
      let norm =
        p == 1
        ? try node.add(ReduceL1(axes: [axis]), x) : try node.add(ReduceL2(axes: [axis]), x)
      let sum = try node.add(ReduceSum(), node.add(Mul(), g, y), node.integers([axis]))
      let slope = p == 1 ? try node.add(Sign(), x) : y
      let difference = try node.add(Sub(), g, node.add(Mul(), slope, sum))
      let zero = node.scalar(0, like: x)
      return try node.add(Where(), node.add(Equal(), norm, zero), zero, node.add(Div(), difference, norm))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "p"])
    try node.allowInputs(atMost: 1)
    let op = LpNormalization(axis: try node.int("axis") ?? -1, p: try node.int("p") ?? 2)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis), "p": .int(p)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 3 * outputs[0].shape.elementCount }
}
