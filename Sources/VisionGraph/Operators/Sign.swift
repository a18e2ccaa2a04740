/// y = 1, 0 or −1, the sign of x; NaN stays NaN. ONNX Sign, opset 13.
public struct Sign: UnaryArithmetic, PlainOperator {
  public static let name = "Sign"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.sign) }

  public func apply(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0 }
  public func apply(_ x: Int) -> Int { x.signum() }
  public func apply(_ x: UInt64) -> UInt64 { min(x, 1) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // Constant almost everywhere, so the gradient is zero.
    node.inputs.map { _ in nil }
  }
}
