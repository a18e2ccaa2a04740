import VisionSystem
public import VisionTensor

/// A tensor fixed in the graph. ONNX Constant, opset 13.
///
/// Import turns it into a constant of the graph; it remains a node only if a caller adds it as one.
public struct Constant: Operator {
  public static let name = "Constant"
  public var value: Tensor

  public init(_ value: Tensor) { self.value = value }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] { [Fact(constant: value)] }
  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] { [value] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowInputs(atMost: 0)
    guard let name = node.attributes.keys.first, node.attributes.count == 1 else {
      throw GraphError(
        .structure, "Constant has \(node.attributes.count) attributes instead of one", place: node.name)
    }
    let value: Tensor?
    switch name {
    case "value": value = try node.tensor(name)
    case "value_float": value = try node.float(name).map { Tensor(scalar: $0) }
    case "value_floats": value = try node.floats(name).map { Tensor($0) }
    case "value_int": value = try node.int(name).map { Tensor(scalar: Int64($0)) }
    case "value_ints": value = try node.ints(name).map { Tensor($0.map { Int64($0) }) }
    case "sparse_value": throw node.unsupported("a sparse tensor")
    case "value_string", "value_strings": throw node.unsupported("a tensor of strings")
    default: throw node.unsupported("attribute '\(name)'")
    }
    guard let value else { throw node.unsupported("'\(name)' without a value") }
    return [graph.constant(value, name: node.name)]
  }

  public var attributes: Attributes { ["value": .tensor(value)] }
}
