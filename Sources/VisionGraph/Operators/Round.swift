/// y = x rounded to the nearest integer, halves to even. ONNX Round, opset 11.
public struct Round: UnaryElementwise, PlainOperator {
  public static let name = "Round"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.round) }

  public func apply(_ x: Double) -> Double { x.rounded(.toNearestOrEven) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // Flat almost everywhere: what comes before gets zeros.
    node.inputs.map { _ in nil }
  }
}
