/// An operator that only passes create; it never appears in files.
public protocol InternalOperator: Operator {
  /// The ONNX names of the operators that it combines.
  var parts: [String] { get }
}

extension InternalOperator {
  public static var domain: String { "visionnet" }
  public var parts: [String] { [Self.name] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    throw GraphError(.unsupportedOperator, "\(name) is internal to VisionNet", place: node.name)
  }
}
