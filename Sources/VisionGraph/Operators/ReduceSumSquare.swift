public import VisionTensor

/// y = Σ x² over some axes. ONNX ReduceSumSquare, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers.
public struct ReduceSumSquare: AttributeReduction, IntegerReduction {
  public static let name = "ReduceSumSquare"
  public static var types: Set<ElementType> { .summable }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double { elements.reduce(0) { $0 + $1 * $1 } }

  public func reduce(_ elements: [Int], as type: ElementType) -> Int { elements.reduce(0) { $0 &+ $1 &* $1 } }

  public static func single(_ x: Value, name: String) throws(GraphError) -> Value {
    try x.graph.add(Mul(), x, x, name: name)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      let twice = try node.add(Mul(), node.kept(node.gradient, self), node.scalar(2, like: x))
      return try node.add(Mul(), x, twice)
    }
  }
}
