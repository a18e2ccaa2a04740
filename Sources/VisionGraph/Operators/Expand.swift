public import VisionTensor

/// x broadcast with the shape given by the second input, int64 and known before the run. ONNX Expand, opset
/// 13.
public struct Expand: PlainOperator {
  public static let name = "Expand"
  public static let constantInputs: Set = [1]
  public static let inputLimit: Int? = 2
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let target = try ShapeRule.required(inputs, 1, types: [.int64])
    guard target.shape.rank == 1, let extents = try ShapeRule.constant(inputs, 1, "the shape") else {
      throw ShapeError("the shape (input 1) has \(target.shape.rank) axes instead of 1")
    }
    let shape = try ShapeRule.shape(extents, "shape")
    return [Fact(x.type, try ShapeRule.broadcast(x.shape, shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [Reference.expanded(try Reference.required(inputs, 0), to: try resolved(inputs)[0].shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (index, _) throws(GraphError) in index == 0 ? node.gradient : nil }
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
