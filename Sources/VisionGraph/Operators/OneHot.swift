public import VisionTensor

/// A new axis of extent `depth` that holds the on value at the index and the off value elsewhere. ONNX
/// OneHot, opset 11.
///
/// Inputs: indices of any number type (negative ones count from the end; indices out of range give only off
/// values); the depth, one number known before the run; the off and on values, a pair of any type.
public struct OneHot: Operator {
  public static let name = "OneHot"
  public static let constantInputs: Set = [1, 2]
  /// The position of the new axis in the result; negative counts from the end.
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let indices = try ShapeRule.required(inputs, 0, types: .numbers)
    _ = try ShapeRule.required(inputs, 1, types: .numbers)
    let values = try ShapeRule.required(inputs, 2)
    let depth = try ShapeRule.constant(inputs, 1, "the depth") ?? []
    guard depth.count == 1, depth[0] >= 0, values.shape == [2] else {
      throw ShapeError("depth \(depth) and values \(values.shape) must be one number and a pair")
    }
    let axis = try ShapeRule.axis(axis, rank: indices.shape.rank + 1)
    var extents = indices.shape.dimensions
    extents.insert(depth[0], at: axis)
    return [Fact(values.type, try ShapeRule.shape(extents, "shape"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let shape = try resolved(inputs)[0].shape
    let indices = try Reference.required(inputs, 0).integers
    let axis = axis < 0 ? axis + shape.rank : axis
    let depth = shape[axis]
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    let choices = (0..<shape.elementCount).map { position in
      let index = indices[position / (inner * depth) * inner + position % inner]
      return (index < 0 ? index + depth : index) == position / inner % depth ? 1 : 0
    }
    return [Reference.gather(try Reference.required(inputs, 2), choices, shape: shape)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    try node.allowInputs(atMost: 3)
    return try graph.add(OneHot(axis: try node.int("axis") ?? -1), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
