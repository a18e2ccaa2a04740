public import VisionTensor

/// 1 on one diagonal and 0 elsewhere, in the shape of a matrix. ONNX EyeLike, opset 9.
///
/// Input: x of two axes, any type, whose elements are not read.
public struct EyeLike: Operator {
  public static let name = "EyeLike"
  private static let types = Set<ElementType>.numbers.union([.bool])
  /// The type of the result, any numbers or bool; nil for that of the input.
  public var type: ElementType?
  /// Which diagonal: positive above the main one, negative below it.
  public var diagonal: Int

  public init(type: ElementType? = nil, diagonal: Int = 0) {
    self.type = type
    self.diagonal = diagonal
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    guard x.shape.rank == 2 else { throw ShapeError("input \(x.shape) is not a matrix") }
    let type = type ?? x.type
    guard Self.types.contains(type) else { throw ShapeError("the result cannot be \(type.rawValue)") }
    return [Fact(type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let (rows, columns) = (fact.shape[0], fact.shape[1])
    var values = [Int](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      let (column, overflow) = row.addingReportingOverflow(diagonal)
      if !overflow, column >= 0, column < columns { values[row * columns + column] = 1 }
    }
    return [Tensor(wrapping: values, shape: fact.shape, elementType: fact.type)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "k"])
    try node.allowInputs(atMost: 1)
    let op = EyeLike(type: try node.type("dtype", in: types), diagonal: try node.int("k") ?? 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result: Attributes = ["k": .int(diagonal)]
    if let type { result["dtype"] = .int(type.onnx) }
    return result
  }
}
