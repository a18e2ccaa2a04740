import VisionSystem

/// c = a + b of quantized tensors, which broadcast. ONNX Runtime's com.microsoft QLinearAdd, version 1.
///
/// Inputs: a, int8 or uint8, its scale and optional zero point; b, its scale and optional zero point; scale and
/// optional zero point of the result, whose type is that of its zero point, or of a.
public struct QLinearAdd: QuantizedOperator {
  public static let name = "QLinearAdd"
  public static let constantInputs: Set = [1, 2, 4, 5, 6, 7]
  public init() {}

  public var operation: any Operator { Add() }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions([.init(at: 0), .init(at: 3)], scale: 6, zero: 7)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return try QLinearAdd().write(node, in: graph)
  }
}
