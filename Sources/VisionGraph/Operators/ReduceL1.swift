public import VisionTensor

/// y = Σ |x| over some axes. ONNX ReduceL1, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers.
public struct ReduceL1: AttributeReduction, IntegerReduction {
  public static let name = "ReduceL1"
  public static var types: Set<ElementType> { .summable }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double { elements.reduce(0) { $0 + $1.magnitude } }

  public func reduce(_ elements: [Int], as type: ElementType) -> Int {
    elements.reduce(0) { $0 &+ ($1 < 0 && !type.isUnsigned ? 0 &- $1 : $1) }
  }

  public static func single(_ x: Value, name: String) throws(GraphError) -> Value {
    try x.graph.add(Abs(), x, name: name)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      try node.add(Mul(), node.add(Sign(), x), node.kept(node.gradient, self))
    }
  }
}
