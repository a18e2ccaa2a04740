public import VisionTensor

/// 1 on one diagonal and 0 elsewhere, in the shape of a matrix. ONNX EyeLike, opset 9.
///
/// Input: x of two axes, any type, whose elements are not read.
public struct EyeLike: Operator {
  public static let name = "EyeLike"
  /// The type of the result; nil for that of the input.
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
    return [Fact(type ?? x.type, x.shape)]
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
    var op = EyeLike(diagonal: try node.int("k") ?? 0)
    if let number = try node.int("dtype") {
      guard let type = ElementType(onnx: number) else {
        throw node.unsupported("dtype \(ElementType.onnxName(number))")
      }
      op.type = type
    }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result: Attributes = ["k": .int(diagonal)]
    if let type { result["dtype"] = .int(type.onnx) }
    return result
  }
}
