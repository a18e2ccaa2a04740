import VisionSystem
public import VisionTensor

/// y = Σ x over some axes. ONNX ReduceSum, opset 13.
///
/// Inputs: x of any shape, a floating-point type or 32- or 64-bit integers; optionally constant axes, int64.
public struct ReduceSum: IntegerReduction {
  public static let name = "ReduceSum"
  public static var types: Set<ElementType> { .summable }
  public var keepsDimensions: Bool
  /// What happens without axes: true leaves x unchanged, false sums over all axes.
  public var keepsWithoutAxes: Bool

  public init(keepsDimensions: Bool = true, keepsWithoutAxes: Bool = false) {
    self.keepsDimensions = keepsDimensions
    self.keepsWithoutAxes = keepsWithoutAxes
  }

  public func reduce(_ elements: [Double]) -> Double { elements.reduce(0, +) }
  public func reduce(_ elements: [Int], as type: ElementType) -> Int { elements.reduce(0, &+) }

  public func reducedAxes(_ inputs: [Fact?]) throws(ShapeError) -> [Int] {
    let rank = try ShapeRule.required(inputs, 0).shape.rank
    _ = try ShapeRule.optional(inputs, 1, types: [.int64])
    let axes = try ShapeRule.constant(inputs, 1, "axes") ?? []
    if axes.isEmpty, keepsWithoutAxes { return [] }
    return try ShapeRule.reducedAxes(axes, rank: rank)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      guard index == 0 else { return nil }
      return try node.add(Expand(), node.kept(node.gradient, self), node.shape(of: x))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(
      node.opset < 13 ? ["axes", "keepdims"] : ["keepdims", "noop_with_empty_axes"])
    var axes = node.optionalInput(1)
    if node.opset < 13 {
      axes = try node.ints("axes").map {
        graph.constant(Tensor($0.map { Int64($0) }), name: "\(node.name).axes")
      }
    }
    let sum = ReduceSum(
      keepsDimensions: try node.flag("keepdims", default: true),
      keepsWithoutAxes: try node.flag("noop_with_empty_axes"))
    return [try graph.add(sum, node.input(0), axes, name: node.name)]
  }

  public var attributes: Attributes {
    ["keepdims": .int(keepsDimensions ? 1 : 0), "noop_with_empty_axes": .int(keepsWithoutAxes ? 1 : 0)]
  }
}
