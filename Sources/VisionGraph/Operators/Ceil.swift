/// y = ⌈x⌉. ONNX Ceil, opset 13.
public struct Ceil: UnaryElementwise, PlainOperator {
  public static let name = "Ceil"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.ceil) }

  public func apply(_ x: Double) -> Double { x.rounded(.up) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // Constant almost everywhere, so the gradient is zero.
    node.inputs.map { _ in nil }
  }
}
