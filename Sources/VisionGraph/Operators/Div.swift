/// c = a / b with broadcasting; integers are truncated towards zero, and may not be divided by 0. ONNX Div, opset 14.
public struct Div: BinaryElementwise, PlainOperator {
  public static let name = "Div"
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { a / b }

  public func apply(_ a: Int, _ b: Int) throws(EvaluationError) -> Int {
    if b == 0 { throw EvaluationError("integer division of \(a) by zero") }
    // The smallest integer divided by −1 wraps, like all overflow.
    return a.dividedReportingOverflow(by: b).partialValue
  }

  public func apply(_ a: UInt64, _ b: UInt64) throws(EvaluationError) -> UInt64 {
    if b == 0 { throw EvaluationError("integer division of \(a) by zero") }
    return a / b
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (index, _) throws(GraphError) in
      let quotient = try node.add(Div(), node.gradient, node.input(1))
      if index == 0 { return quotient }
      return try node.add(Neg(), node.add(Mul(), quotient, node.outputs[0]))
    }
  }
}
