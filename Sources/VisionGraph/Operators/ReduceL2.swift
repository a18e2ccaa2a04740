public import VisionTensor

/// y = √Σ x² over some axes. ONNX ReduceL2, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers, whose results are truncated.
public struct ReduceL2: AttributeReduction {
  public static let name = "ReduceL2"
  public static var types: Set<ElementType> { .summable }
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

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      // The gradient is x / y, or 0 where the norm is 0, as in PyTorch.
      let (g, y) = (try node.kept(node.gradient, self), try node.kept(node.outputs[0], self))
      let zero = node.scalar(0, like: x)
      let factor = try node.add(
        Where(), node.add(Equal(), y, zero), zero, node.add(Div(), g, y))
      return try node.add(Mul(), x, factor)
    }
  }
}
