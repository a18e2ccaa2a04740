import VisionSystem
public import VisionTensor

/// The extents of x from axis `start` to `end` (exclusive), int64. ONNX Shape, opset 15.
///
/// Known before a run. The name differs from `VisionTensor.Shape`.
public struct ShapeOf: Operator {
  public static let name = "Shape"
  /// The first axis, clamped to the rank; negative counts from the end.
  public var start: Int
  /// The axis after the last one; nil means up to the last axis.
  public var end: Int?

  public init(start: Int = 0, end: Int? = nil) {
    self.start = start
    self.end = end
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(constant: extents(of: try ShapeRule.required(inputs, 0).shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [extents(of: try Reference.required(inputs, 0).shape)]
  }

  private func extents(of shape: Shape) -> Tensor {
    func clamped(_ axis: Int) -> Int { max(0, min(shape.rank, axis < 0 ? axis + shape.rank : axis)) }
    let range = clamped(start)..<max(clamped(start), clamped(end ?? shape.rank))
    return Tensor(shape.dimensions[range].map { Int64($0) })
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(node.opset < 15 ? [] : ["end", "start"])
    try node.allowInputs(atMost: 1)
    let op = ShapeOf(start: try node.int("start") ?? 0, end: try node.int("end"))
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var attributes = Attributes()
    if start != 0 { attributes["start"] = .int(start) }
    if let end { attributes["end"] = .int(end) }
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
