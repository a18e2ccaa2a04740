import VisionSystem
public import VisionTensor

/// The smallest of any number of tensors, element by element, with broadcasting; NaN if one is NaN. ONNX Min,
/// opset 13.
public struct Min: VariadicElementwise {
  public static let name = "Min"
  public static let types = Set<ElementType>.numbers
  public init() {}

  public func combine(_ a: Double, _ b: Double) -> Double { a.isNaN ? a : b.isNaN ? b : min(a, b) }
  public func combine<Integer: FixedWidthInteger>(_ a: Integer, _ b: Integer) -> Integer { min(a, b) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.extremum()
  }
}
