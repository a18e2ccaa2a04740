/// c = a + b with broadcasting. ONNX Add, opset 14.
public struct Add: BinaryElementwise, PlainOperator {
  public static let name = "Add"
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { a + b }
  public func apply(_ a: Int, _ b: Int) -> Int { a &+ b }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (_, _) throws(GraphError) in node.gradient }
  }
}
