public import VisionTensor

/// y = x as a matrix: the axes before `axis` form the rows, the others the columns. ONNX Flatten, opset 13.
///
/// Input: x of any type and shape.
public struct Flatten: Operator {
  public static let name = "Flatten"
  /// The first axis that belongs to the columns, in -rank...rank.
  public var axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    guard axis >= -x.shape.rank, axis <= x.shape.rank else {
      throw ShapeError("axis \(axis) is outside \(x.shape)")
    }
    let split = axis < 0 ? axis + x.shape.rank : axis
    let rows = Shape(Array(x.shape.dimensions.prefix(split))).checkedElementCount
    let columns = Shape(Array(x.shape.dimensions.dropFirst(split))).checkedElementCount
    guard let rows, let columns else { throw ShapeError("\(x.shape) is too large") }
    return [Fact(x.type, [rows, columns])]
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
    try node.allowAttributes(["axis"])
    return [try graph.add(Flatten(axis: try node.int("axis") ?? 1), node.input(0), name: node.name)]
  }

  public var attributes: Attributes { ["axis": .int(axis)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
