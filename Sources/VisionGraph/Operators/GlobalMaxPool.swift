/// y = the largest element of each channel; NaN if the channel contains NaN. ONNX GlobalMaxPool, opset 1.
///
/// Input: x N×C×spatial, a floating-point type; output N×C×1….
public struct GlobalMaxPool: GlobalPooling {
  public static let name = "GlobalMaxPool"
  public init() {}

  public func pool(_ elements: UnsafeBufferPointer<Double>) -> Double {
    elements.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
  }

  /// The whole derivative goes to the first of the largest elements, as in PyTorch.
  public func derivatives(_ elements: [Double]) -> [Double] { Reference.firstLargest(elements) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return [try graph.add(GlobalMaxPool(), node.input(0), name: node.name)]
  }
}
