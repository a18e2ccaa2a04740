public import VisionTensor

/// The running sum of x along an axis. ONNX CumSum, opset 14.
///
/// Inputs: x; the axis, one int32 or int64 number, negative counted from the end.
public struct CumSum: Operator {
  public static let name = "CumSum"
  /// Whether each sum excludes its own element.
  public var isExclusive: Bool
  /// Whether the sums start from the end.
  public var isReverse: Bool

  public init(isExclusive: Bool = false, isReverse: Bool = false) {
    self.isExclusive = isExclusive
    self.isReverse = isReverse
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats.union([.int32, .int64, .uint32, .uint64]))
    let axis = try ShapeRule.required(inputs, 1, types: .indices)
    guard axis.shape.elementCount == 1 else { throw ShapeError("the axis has shape \(axis.shape)") }
    if let axis = axis.value { _ = try ShapeRule.axis(axis.integers[0], rank: x.shape.rank) }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let given = try Reference.required(inputs, 1).integers[0]
    let axis = given < 0 ? given + x.shape.rank : given
    if x.elementType.isFloatingPoint {
      let sums = sums(x.doubles, x.shape, axis, zero: 0, +)
      return [Tensor(doubles: sums, shape: fact.shape, elementType: fact.type)]
    }
    let sums = sums(x.wrappedIntegers, x.shape, axis, zero: 0, &+)
    return [Tensor(wrapping: sums, shape: fact.shape, elementType: fact.type)]
  }

  private func sums<Number>(
    _ x: [Number], _ shape: Shape, _ axis: Int, zero: Number, _ add: (Number, Number) -> Number
  ) -> [Number] {
    var result = x
    let stride = shape.strides[axis]
    let extent = shape[axis]
    for start in x.indices where start / stride % extent == 0 {
      var sum = zero
      for step in 0..<extent {
        let position = start + (isReverse ? extent - 1 - step : step) * stride
        let next = add(sum, x[position])
        result[position] = isExclusive ? sum : next
        sum = next
      }
    }
    return result
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, _) throws(GraphError) in
      try node.add(
        CumSum(isExclusive: isExclusive, isReverse: !isReverse), node.gradient, node.input(1))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["exclusive", "reverse"])
    try node.allowInputs(atMost: 2)
    let op = CumSum(
      isExclusive: try node.int("exclusive") ?? 0 != 0, isReverse: try node.int("reverse") ?? 0 != 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["exclusive": .int(isExclusive ? 1 : 0), "reverse": .int(isReverse ? 1 : 0)]
  }
}
