/// y = √x; NaN below 0. ONNX Sqrt, opset 13.
public struct Sqrt: UnaryElementwise, PlainOperator {
  public static let name = "Sqrt"
  public init() {}

  public func apply(_ x: Double) -> Double { x.squareRoot() }
}
