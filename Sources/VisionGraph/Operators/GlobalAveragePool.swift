/// y = the mean of each channel. ONNX GlobalAveragePool, opset 1.
///
/// Input: x N×C×spatial, a floating-point type; output N×C×1….
public struct GlobalAveragePool: GlobalPooling {
  public static let name = "GlobalAveragePool"
  public init() {}

  public func pool(_ elements: UnsafeBufferPointer<Double>) -> Double {
    elements.reduce(0, +) / Double(elements.count)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(MeanGradient(), node.gradient, node.shape(of: node.input(0)))]
  }

  public func derivatives(_ elements: [Double]) -> [Double] {
    elements.map { _ in 1 / Double(elements.count) }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .rescaled }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return [try graph.add(GlobalAveragePool(), node.input(0), name: node.name)]
  }
}
