import VisionSystem
public import VisionTensor

/// The sum of any number of tensors, element by element, with broadcasting. ONNX Sum, opset 13.
public struct Sum: VariadicElementwise {
  public static let name = "Sum"
  public static let types = Set<ElementType>.floats
  public init() {}

  public func combine(_ a: Double, _ b: Double) -> Double { a + b }
  public func combine<Integer: FixedWidthInteger>(_ a: Integer, _ b: Integer) -> Integer { a &+ b }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (_, _) throws(GraphError) in node.gradient }
  }
}
