/// c = a ∧ b of bools with broadcasting. ONNX And, opset 7.
public struct And: BinaryLogic {
  public static let name = "And"
  public init() {}

  public func apply(_ a: Bool, _ b: Bool) -> Bool { a && b }
}
