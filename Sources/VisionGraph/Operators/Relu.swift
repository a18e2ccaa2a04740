/// y = max(x, 0). ONNX Relu, opset 14.
public struct Relu: UnaryElementwise {
  public static let name = "Relu"
  public init() {}

  public func apply(_ x: Double) -> Double { x.isNaN ? x : max(x, 0) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["consumed_inputs"])
    return [try graph.add(Relu(), node.input(0), name: node.name)]
  }
}
