import VisionSystem
public import VisionTensor

/// y = ln Σ eˣ over some axes. ONNX ReduceLogSumExp, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers, whose results are truncated.
public struct ReduceLogSumExp: AttributeReduction {
  public static let name = "ReduceLogSumExp"
  public static var types: Set<ElementType> { .summable }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double {
    let largest = elements.max() ?? -.infinity
    guard largest.isFinite else { return elements.contains { $0.isNaN } ? .nan : largest }
    return largest + Libm.log(elements.reduce(0) { $0 + Libm.exp($1 - largest) })
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      let share = try node.add(Exp(), node.add(Sub(), x, node.kept(node.outputs[0], self)))
      return try node.add(Mul(), share, node.kept(node.gradient, self))
    }
  }
}
