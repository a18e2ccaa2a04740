public import VisionTensor

/// y[…, i, …] = x[…, indices[…, i, …], …] along `axis`; y has the shape of the indices. ONNX GatherElements, opset 13.
///
/// Inputs: x of any type; indices int32 or int64 of the same rank, negative ones counted from the end.
public struct GatherElements: Operator {
  public static let name = "GatherElements"
  /// The axis that is indexed; negative counts from the end.
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let indices = try ShapeRule.required(inputs, 1, types: .indices)
    let axis = try ShapeRule.axis(axis, rank: x.shape.rank)
    guard indices.shape.rank == x.shape.rank,
      indices.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= x.shape[$0] })
    else {
      throw ShapeError("indices \(indices.shape) do not fit \(x.shape) along axis \(axis)")
    }
    return [Fact(x.type, indices.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let indices = try Reference.required(inputs, 1)
    let shape = try resolved(inputs)[0].shape
    let axis = axis < 0 ? axis + x.shape.rank : axis
    let positions = try Reference.positions(indices.integers, extent: x.shape[axis])
    var steps = x.shape.strides
    let stride = steps[axis]
    steps[axis] = 0
    let sources = zip(Reference.indices(shape, steps: steps), positions).map { $0 + $1 * stride }
    return [Reference.gather(x, sources, shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.movement(self)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    try node.allowInputs(atMost: 2)
    return try graph.add(GatherElements(axis: try node.int("axis") ?? 0), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
