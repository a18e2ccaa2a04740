import VisionTensor

/// The remainder of a / b with broadcasting. ONNX Mod, opset 13.
///
/// Without `fmod`, a and b must be integers, and the result has the sign of b, as in Python; with `fmod` it
/// has the sign of a, as in C. Integers must not be divided by 0.
public struct Mod: BinaryElementwise {
  public static let name = "Mod"
  /// Whether the result has the sign of a; required for floating-point types.
  public var fmod: Bool

  public init(fmod: Bool = false) { self.fmod = fmod }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: fmod ? .numbers : .integers)
    let b = try ShapeRule.required(inputs, 1, types: [a.type])
    return [Fact(a.type, try ShapeRule.broadcast(a.shape, b.shape))]
  }

  public func apply(_ a: Double, _ b: Double) -> Double { a.truncatingRemainder(dividingBy: b) }

  public func apply(_ a: Int, _ b: Int) throws(EvaluationError) -> Int {
    if b == 0 { throw EvaluationError("remainder of \(a) by zero") }
    let remainder = a.remainderReportingOverflow(dividingBy: b).partialValue
    return !fmod && remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  public func apply(_ a: UInt64, _ b: UInt64) throws(EvaluationError) -> UInt64 {
    if b == 0 { throw EvaluationError("remainder of \(a) by zero") }
    return a % b
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // y = a − b · trunc(a / b), and the truncated quotient is constant almost everywhere.
    try node.broadcast { (index, b) throws(GraphError) in
      if index == 0 { return node.gradient }
      let quotient = try node.add(Div(), node.add(Sub(), node.outputs[0], node.input(0)), b)
      return try node.add(Mul(), node.gradient, quotient)
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["fmod"])
    try node.allowInputs(atMost: 2)
    return try graph.add(Mod(fmod: try node.int("fmod") ?? 0 != 0), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["fmod": .int(fmod ? 1 : 0)] }
}
