import VisionSystem
public import VisionTensor

/// y = ln Σ x over some axes. ONNX ReduceLogSum, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers, whose results are truncated.
public struct ReduceLogSum: AttributeReduction {
  public static let name = "ReduceLogSum"
  public static var types: Set<ElementType> { .summable }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double { Libm.log(elements.reduce(0, +)) }

  public static func single(_ x: Value, name: String) throws(GraphError) -> Value {
    try x.graph.add(Log(), x, name: name)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      let inverse = try node.add(Exp(), node.add(Neg(), node.outputs[0]))
      let share = try node.add(Mul(), node.gradient, inverse)
      return try node.add(Expand(), node.kept(share, self), node.shape(of: x))
    }
  }
}
