public import VisionTensor
import VisionSystem

/// y = Σ x / n over some axes; integer results are truncated towards zero. ONNX ReduceMean, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers.
public struct ReduceMean: AttributeReduction, IntegerReduction {
  public static let name = "ReduceMean"
  public static var types: Set<ElementType> { .summable }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double { elements.reduce(0, +) / Double(elements.count) }

  public func reduce(_ elements: [Int], as type: ElementType) -> Int {
    let sum = elements.reduce(0, &+)
    if elements.isEmpty { return 0 }
    guard type == .uint64 else { return sum / elements.count }
    return Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: sum) / UInt64(elements.count))
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      try node.add(MeanGradient(), node.kept(node.gradient, self), node.shape(of: x))
    }
  }
}
