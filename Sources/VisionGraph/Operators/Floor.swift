/// y = ⌊x⌋. ONNX Floor, opset 13.
public struct Floor: UnaryElementwise, PlainOperator {
  public static let name = "Floor"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.floor) }

  public func apply(_ x: Double) -> Double { x.rounded(.down) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // Constant almost everywhere, so the gradient is zero.
    node.inputs.map { _ in nil }
  }
}
