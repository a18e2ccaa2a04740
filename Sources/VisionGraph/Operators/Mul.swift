/// c = a · b with broadcasting. ONNX Mul, opset 14.
public struct Mul: BinaryElementwise, PlainOperator {
  public static let name = "Mul"
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { a * b }
  public func apply(_ a: Int, _ b: Int) -> Int { a &* b }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (index, _) throws(GraphError) in
      try node.add(Mul(), node.gradient, node.input(1 - index))
    }
  }
}
