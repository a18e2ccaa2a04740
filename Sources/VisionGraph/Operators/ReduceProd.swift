public import VisionTensor

/// y = Π x over some axes. ONNX ReduceProd, opset 13.
///
/// Input: x of any shape, a floating-point type or 32- or 64-bit integers.
public struct ReduceProd: AttributeReduction, IntegerReduction {
  public static let name = "ReduceProd"
  public static var types: Set<ElementType> { .summable }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double { elements.reduce(1, *) }

  public func reduce(_ elements: [Int], as type: ElementType) -> Int { elements.reduce(1, &*) }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      try node.add(ReduceProdGradient(axes: axes), node.kept(node.gradient, self), x)
    }
  }
}
