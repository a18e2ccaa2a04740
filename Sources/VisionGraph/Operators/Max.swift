import VisionSystem
public import VisionTensor

/// The largest of any number of tensors, element by element, with broadcasting; NaN if one is NaN. ONNX Max,
/// opset 13.
public struct Max: VariadicElementwise {
  public static let name = "Max"
  public static let types = Set<ElementType>.numbers
  public init() {}

  public func combine(_ a: Double, _ b: Double) -> Double { a.isNaN ? a : b.isNaN ? b : max(a, b) }
  public func combine<Integer: FixedWidthInteger>(_ a: Integer, _ b: Integer) -> Integer { max(a, b) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.extremum()
  }
}
