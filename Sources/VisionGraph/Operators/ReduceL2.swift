/// y = √Σ x² over some axes. ONNX ReduceL2, opset 13.
///
/// Input: x of any shape, a floating-point type.
public struct ReduceL2: AttributeReduction {
  public static let name = "ReduceL2"
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  public static func single(_ x: Value, name: String) throws(GraphError) -> Value {
    try x.graph.add(Abs(), x, name: name)
  }
}
