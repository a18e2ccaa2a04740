/// c = a − b with broadcasting. ONNX Sub, opset 14.
public struct Sub: BinaryElementwise, PlainOperator {
  public static let name = "Sub"
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { a - b }
  public func apply(_ a: Int, _ b: Int) -> Int { a &- b }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (index, _) throws(GraphError) in
      index == 0 ? node.gradient : try node.add(Neg(), node.gradient)
    }
  }
}
