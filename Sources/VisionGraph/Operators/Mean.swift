import VisionSystem
public import VisionTensor

/// The mean of any number of tensors, element by element, with broadcasting. ONNX Mean, opset 13.
public struct Mean: VariadicElementwise {
  public static let name = "Mean"
  public static let types = Set<ElementType>.floats
  public init() {}

  public func combine(_ a: Double, _ b: Double) -> Double { a + b }
  public func combine<Integer: FixedWidthInteger>(_ a: Integer, _ b: Integer) -> Integer { a &+ b }
  public func finish(_ combined: Double, count: Int) -> Double { combined / Double(count) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let count = node.scalar(Double(node.inputs.count), like: node.gradient)
    let share = try node.add(Div(), node.gradient, count)
    return try node.broadcast { (_, _) throws(GraphError) in share }
  }
}
