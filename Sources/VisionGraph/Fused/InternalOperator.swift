/// An operator that only passes produce; files neither name it nor hold it.
public protocol InternalOperator: Operator {}

extension InternalOperator {
  public static var domain: String { "visionnet" }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    throw GraphError(.unsupportedOperator, "\(name) is internal to VisionNet", place: node.name)
  }
}
