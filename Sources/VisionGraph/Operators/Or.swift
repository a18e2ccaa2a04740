/// c = a ∨ b of bools with broadcasting. ONNX Or, opset 7.
public struct Or: BinaryLogic {
  public static let name = "Or"
  public init() {}

  public func apply(_ a: Bool, _ b: Bool) -> Bool { a || b }
}
