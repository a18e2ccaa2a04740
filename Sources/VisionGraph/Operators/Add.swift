/// c = a + b with broadcasting. ONNX Add, opset 14.
public struct Add: BinaryElementwise {
  public static let name = "Add"
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { a + b }
  public func apply(_ a: Int, _ b: Int) -> Int { a &+ b }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return [try graph.add(Add(), node.input(0), node.input(1), name: node.name)]
  }
}
