/// c = a + b with broadcasting. ONNX Add, opset 14.
public struct Add: BinaryElementwise, PlainOperator {
  public static let name = "Add"
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { a + b }
  public func apply(_ a: Int, _ b: Int) -> Int { a &+ b }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (_, _) throws(GraphError) in node.gradient }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole {
    guard inputs.count == 2, inputs[1] != nil, !isFixed(1) else { return .float }
    return inputs[0] == inputs[1] ? .rescaled : .float
  }
}
