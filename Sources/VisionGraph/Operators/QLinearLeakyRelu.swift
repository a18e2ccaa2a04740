import VisionSystem

/// y = x for x ≥ 0, α·x for x < 0, of a quantized tensor. ONNX Runtime's com.microsoft QLinearLeakyRelu, version 1.
///
/// Inputs: x, int8 or uint8, its scale and optional zero point; scale and optional zero point of the result, whose
/// type is that of its zero point, or of x.
public struct QLinearLeakyRelu: QuantizedOperator {
  public static let name = "QLinearLeakyRelu"
  public static let constantInputs: Set = [1, 2, 3, 4]
  /// The slope α below 0.
  public var alpha: Float

  public init(alpha: Float = 0.01) { self.alpha = alpha }

  public var operation: any Operator { LeakyRelu(alpha: alpha) }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions([.init(at: 0)], scale: 3, zero: 4)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    return try QLinearLeakyRelu(alpha: node.float("alpha") ?? 0.01).write(node, in: graph)
  }

  public var attributes: Attributes { ["alpha": .float(alpha)] }
}
