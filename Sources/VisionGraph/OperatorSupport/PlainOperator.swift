/// An operator without attributes that has the same form in every opset, so that its nodes are imported
/// unchanged.
public protocol PlainOperator: Operator {
  init()
  /// The maximum number of inputs of a node; nil for any number.
  static var inputLimit: Int? { get }
}

extension PlainOperator {
  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: inputLimit)
    return try graph.add(Self(), node.inputs, name: node.name)
  }
}

extension PlainOperator where Self: UnaryElementwise { public static var inputLimit: Int? { 1 } }
extension PlainOperator where Self: BinaryElementwise { public static var inputLimit: Int? { 2 } }

extension ImportedNode {
  /// Throws for inputs after the first `limit`, so that no input is silently ignored.
  package func allowInputs(atMost limit: Int?) throws(GraphError) {
    guard let limit, inputs.count > limit else { return }
    throw GraphError(
      .structure, "\(operatorName) (opset \(opset)) has \(inputs.count) inputs, not \(limit)", place: name)
  }
}
