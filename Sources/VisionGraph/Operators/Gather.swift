public import VisionTensor

/// y[a, i, b] = x[a, indices[i], b]: `axis` of x is replaced by the axes of the indices. ONNX Gather, opset
/// 13.
///
/// Inputs: x of any type; indices int32 or int64, negative ones counted from the end.
public struct Gather: Operator {
  public static let name = "Gather"
  /// The axis that is indexed; negative counts from the end.
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let indices = try ShapeRule.required(inputs, 1, types: .indices)
    let axis = try ShapeRule.axis(axis, rank: x.shape.rank)
    let before = x.shape.dimensions[..<axis]
    let after = x.shape.dimensions[(axis + 1)...]
    return [Fact(x.type, Shape(before + indices.shape.dimensions + after))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let indices = try Reference.required(inputs, 1)
    let shape = try resolved(inputs)[0].shape
    let axis = axis < 0 ? axis + x.shape.rank : axis
    let positions = try Reference.positions(indices.integers, extent: x.shape[axis])
    let inner = x.shape.dimensions[(axis + 1)...].reduce(1, *)
    var sources: [Int] = []
    sources.reserveCapacity(shape.elementCount)
    for outer in 0..<x.shape.dimensions[..<axis].reduce(1, *) {
      for position in positions {
        let start = (outer * x.shape[axis] + position) * inner
        sources.append(contentsOf: start..<(start + inner))
      }
    }
    return [Reference.gather(x, sources, shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.movement(self)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    try node.allowInputs(atMost: 2)
    return try graph.add(Gather(axis: try node.int("axis") ?? 0), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
