public import VisionTensor

/// x without axes of extent 1. ONNX Squeeze, opset 13.
///
/// Inputs: x of any type; optionally the axes to remove, int64, known before the run, each of extent 1; by
/// default all such axes.
public struct Squeeze: Operator {
  public static let name = "Squeeze"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    _ = try ShapeRule.optional(inputs, 1, types: [.int64])
    var removed = x.shape.indices.filter { x.shape[$0] == 1 }
    if let axes = try ShapeRule.constant(inputs, 1, "the axes") {
      removed = try ShapeRule.axes(axes, rank: x.shape.rank)
      for axis in removed where x.shape[axis] != 1 {
        throw ShapeError("axis \(axis) of \(x.shape) does not have extent 1")
      }
    }
    let kept = x.shape.indices.filter { !removed.contains($0) }
    return [Fact(x.type, Shape(kept.map { x.shape[$0] }))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [try Reference.required(inputs, 0).reshaped(to: try resolved(inputs)[0].shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0 ? try node.reshaped(node.gradient, like: x) : nil
    }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .moving }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    if node.opset < 13 {
      try node.allowAttributes(["axes"])
      try node.allowInputs(atMost: 1)
      let axes = try node.ints("axes").map { graph.constant(ints: $0, name: "\(node.name).axes") }
      return [try graph.add(Squeeze(), node.input(0), axes, name: node.name)]
    }
    try node.allowAttributes([])
    try node.allowInputs(atMost: 2)
    return try graph.add(Squeeze(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
