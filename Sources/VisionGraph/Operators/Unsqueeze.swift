public import VisionTensor

/// x with new axes of extent 1. ONNX Unsqueeze, opset 13.
///
/// Inputs: x of any type; the new axes, int64, known before the run, as positions in the result.
public struct Unsqueeze: Operator {
  public static let name = "Unsqueeze"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    _ = try ShapeRule.required(inputs, 1, types: [.int64])
    let axes = try ShapeRule.constant(inputs, 1, "the axes") ?? []
    let added = try ShapeRule.axes(axes, rank: x.shape.rank + axes.count)
    var extents: [Int] = []
    var rest = x.shape.dimensions[...]
    for axis in 0..<(x.shape.rank + axes.count) {
      extents.append(added.contains(axis) ? 1 : rest.removeFirst())
    }
    return [Fact(x.type, Shape(extents))]
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
      let axes = graph.constant(ints: try node.ints("axes") ?? [], name: "\(node.name).axes")
      return [try graph.add(Unsqueeze(), node.input(0), axes, name: node.name)]
    }
    try node.allowAttributes([])
    try node.allowInputs(atMost: 2)
    return try graph.add(Unsqueeze(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
