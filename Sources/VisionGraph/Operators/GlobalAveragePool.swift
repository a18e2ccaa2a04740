/// y = the mean of each channel. ONNX GlobalAveragePool, opset 1.
///
/// Input: x N×C×spatial, a floating-point type; output N×C×1….
public struct GlobalAveragePool: GlobalPooling {
  public static let name = "GlobalAveragePool"
  public init() {}

  public func pool(_ elements: UnsafeBufferPointer<Double>) -> Double {
    elements.reduce(0, +) / Double(elements.count)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return [try graph.add(GlobalAveragePool(), node.input(0), name: node.name)]
  }
}
