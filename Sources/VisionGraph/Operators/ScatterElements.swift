public import VisionTensor

/// y = x, but y[…, indices[…, i, …], …] = updates[…, i, …] along `axis`, combined by the reduction. ONNX ScatterElements,
/// opset 16 (`min` and `max`: 18).
///
/// Inputs: x of any type (numbers with a reduction); indices int32 or int64 of the same rank, negative ones counted from
/// the end; updates of the type of x and the shape of the indices.
public struct ScatterElements: Scattering {
  public static let name = "ScatterElements"
  /// The axis that is indexed; negative counts from the end.
  public var axis: Int
  public var reduction: ScatterReduction

  public init(axis: Int = 0, reduction: ScatterReduction = .none) {
    self.axis = axis
    self.reduction = reduction
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: reduction.types)
    let indices = try ShapeRule.required(inputs, 1, types: .indices)
    let updates = try ShapeRule.required(inputs, 2, types: [x.type])
    let axis = try ShapeRule.axis(axis, rank: x.shape.rank)
    guard indices.shape.rank == x.shape.rank, updates.shape == indices.shape,
      indices.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= x.shape[$0] })
    else {
      throw ShapeError(
        "indices \(indices.shape) and updates \(updates.shape) do not fit \(x.shape) along axis \(axis)")
    }
    return [Fact(x.type, x.shape)]
  }

  public func places(in x: Shape, _ indices: Tensor, _ updates: Shape) throws(EvaluationError) -> [Int] {
    let axis = axis < 0 ? axis + x.rank : axis
    let positions = try Reference.positions(indices.integers, extent: x[axis])
    var steps = x.strides
    let stride = steps[axis]
    steps[axis] = 0
    return zip(Reference.indices(indices.shape, steps: steps), positions).map { $0 + $1 * stride }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "reduction"])
    try node.allowInputs(atMost: 3)
    let op = ScatterElements(axis: try node.int("axis") ?? 0, reduction: try node.reduction())
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis), "reduction": .string(reduction.rawValue)] }
}
