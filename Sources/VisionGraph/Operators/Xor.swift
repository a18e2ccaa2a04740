/// c = a ⊕ b of bools with broadcasting. ONNX Xor, opset 7.
public struct Xor: BinaryLogic {
  public static let name = "Xor"
  public init() {}

  public func apply(_ a: Bool, _ b: Bool) -> Bool { a != b }
}
