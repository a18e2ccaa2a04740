import VisionSystem

/// y = 1 / (1 + e⁻ˣ) of a quantized tensor. ONNX Runtime's com.microsoft QLinearSigmoid, version 1.
///
/// Inputs: x, int8 or uint8, its scale and optional zero point; scale and optional zero point of the result, whose
/// type is that of its zero point, or of x.
public struct QLinearSigmoid: QuantizedOperator {
  public static let name = "QLinearSigmoid"
  public static let constantInputs: Set = [1, 2, 3, 4]
  public init() {}

  public var operation: any Operator { Sigmoid() }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions([.init(at: 0)], scale: 3, zero: 4)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return try QLinearSigmoid().write(node, in: graph)
  }
}
