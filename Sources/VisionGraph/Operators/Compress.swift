import VisionSystem
public import VisionTensor

/// The slices along an axis, or without one the elements in order, where a condition holds. ONNX Compress, opset 11.
///
/// Inputs: x of any type; the condition, bool with one axis, which may be shorter than the axis: what it does not
/// reach is left out.
public struct Compress: DataDependentOperator {
  public static let name = "Compress"
  public static let constantInputs: Set = [0, 1]
  /// The axis; negative ones count from the end, nil stands for x as one row.
  public var axis: Int?

  public init(axis: Int? = nil) { self.axis = axis }

  public func check(_ inputs: [Fact?]) throws(ShapeError) {
    let x = try ShapeRule.required(inputs, 0)
    let condition = try ShapeRule.required(inputs, 1, types: [.bool])
    guard condition.shape.rank == 1 else {
      throw ShapeError("the condition has the shape \(condition.shape) instead of one axis")
    }
    if let axis { _ = try ShapeRule.axis(axis, rank: x.shape.rank) }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let given = try Reference.required(inputs, 0)
    let x = axis == nil ? given.reshaped(to: [given.elementCount]) : given
    let axis = axis.map { $0 < 0 ? $0 + x.shape.rank : $0 } ?? 0
    let condition = try Reference.required(inputs, 1).nonzero
    let chosen = condition.indices.filter { condition[$0] }
    let extent = x.shape[axis]
    if let last = chosen.last, last >= extent {
      throw EvaluationError("the condition holds at \(last), outside an axis of \(extent)")
    }
    var shape = x.shape
    shape[axis] = chosen.count
    // Behind the axis elements lie together.
    let block = x.shape.dimensions.dropFirst(axis + 1).reduce(x.elementType.byteCount, *)
    let outer = x.shape.dimensions.prefix(axis).reduce(1, *)
    let result = Tensor(elementType: x.elementType, shape: shape) { target in
      x.withUnsafeBytes { source in
        guard block > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
        for row in 0..<outer {
          for (index, place) in chosen.enumerated() {
            (to + (row * chosen.count + index) * block).copyMemory(
              from: from + (row * extent + place) * block, byteCount: block)
          }
        }
      }
    }
    return [result]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    try node.allowInputs(atMost: 2)
    return [
      try graph.add(Compress(axis: try node.int("axis")), node.input(0), node.input(1), name: node.name)
    ]
  }

  public var attributes: Attributes { axis.map { ["axis": .int($0)] } ?? [:] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
