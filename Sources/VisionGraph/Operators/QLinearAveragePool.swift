import VisionSystem

/// y = the mean of the elements under the window, of a quantized tensor. ONNX Runtime's com.microsoft
/// QLinearAveragePool, version 1.
///
/// Inputs: x N×C×spatial, int8 or uint8, its scale and optional zero point; scale and optional zero point of the
/// result, whose type is that of its zero point, or of x. Nodes with `channels_last` have N×spatial×C.
public struct QLinearAveragePool: QuantizedOperator {
  public static let name = "QLinearAveragePool"
  public static let constantInputs: Set = [1, 2, 3, 4]
  public var pool: AveragePool

  public init(_ pool: AveragePool) { self.pool = pool }

  public var operation: any Operator { pool }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions([.init(at: 0)], scale: 3, zero: 4)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "auto_pad", "ceil_mode", "channels_last", "count_include_pad", "kernel_shape", "pads", "strides",
    ])
    let pool = AveragePool(
      window: try Window(node, kernel: nil), ceiling: try node.flag("ceil_mode"),
      countsPadding: try node.flag("count_include_pad"))
    let channelsLast = try node.flag("channels_last")
    return try QLinearAveragePool(pool).write(node, in: graph, channelsLast: channelsLast)
  }

  public var attributes: Attributes { pool.attributes }
}
