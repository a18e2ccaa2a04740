/// An operator that only passes produce; files neither name it nor hold it.
public protocol InternalOperator: Operator {
  /// The operators, under their ONNX names, that it does at once.
  var parts: [String] { get }
}

extension InternalOperator {
  public static var domain: String { "visionnet" }
  public var parts: [String] { [Self.name] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    throw GraphError(.unsupportedOperator, "\(name) is internal to VisionNet", place: node.name)
  }
}
