import VisionSystem

/// y = the mean of each channel of a quantized tensor. ONNX Runtime's com.microsoft QLinearGlobalAveragePool, version 1.
///
/// Inputs: x N×C×spatial, int8 or uint8, its scale and optional zero point; scale and optional zero point of the
/// result N×C×1…, whose type is that of its zero point, or of x. Nodes with `channels_last` have N×spatial×C.
public struct QLinearGlobalAveragePool: QuantizedOperator {
  public static let name = "QLinearGlobalAveragePool"
  public static let constantInputs: Set = [1, 2, 3, 4]
  public init() {}

  public var operation: any Operator { GlobalAveragePool() }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions([.init(at: 0)], scale: 3, zero: 4)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["channels_last"])
    let channelsLast = try node.flag("channels_last")
    return try QLinearGlobalAveragePool().write(node, in: graph, channelsLast: channelsLast)
  }
}
