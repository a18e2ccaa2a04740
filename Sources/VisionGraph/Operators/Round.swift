/// y = x rounded to the nearest integer, ties to even. ONNX Round, opset 11.
public struct Round: UnaryElementwise, PlainOperator {
  public static let name = "Round"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.round) }

  public func apply(_ x: Double) -> Double { x.rounded(.toNearestOrEven) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // Constant almost everywhere, so the gradient is zero.
    node.inputs.map { _ in nil }
  }
}
