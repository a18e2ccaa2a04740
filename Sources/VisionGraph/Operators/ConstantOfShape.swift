public import VisionTensor

/// A tensor whose shape is given by the input, int64 and known before the run; every element is `value`. ONNX
/// ConstantOfShape, opset 9.
public struct ConstantOfShape: Operator {
  public static let name = "ConstantOfShape"
  public static let constantInputs: Set = [0]
  /// The element: a tensor of shape 1.
  public let value: Tensor

  /// Precondition: `value` has one element.
  public init(_ value: Tensor = Tensor([Float(0)])) { self.value = value.reshaped(to: [1]) }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let fact = try ShapeRule.required(inputs, 0, types: [.int64])
    guard fact.shape.rank == 1, let extents = try ShapeRule.constant(inputs, 0, "the shape") else {
      throw ShapeError("the shape (input 0) has \(fact.shape.rank) axes instead of 1")
    }
    return [Fact(value.elementType, try ShapeRule.shape(extents, "shape"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [Reference.expanded(value.reshaped(to: []), to: try resolved(inputs)[0].shape)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["value"])
    try node.allowInputs(atMost: 1)
    let value = try node.tensor("value") ?? Tensor([Float(0)])
    guard value.elementCount == 1 else {
      throw GraphError(.structure, "ConstantOfShape has \(value.elementCount) values", place: node.name)
    }
    return try graph.add(ConstantOfShape(value), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["value": .tensor(value)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
