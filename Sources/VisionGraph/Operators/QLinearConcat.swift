import VisionSystem

/// Quantized tensors joined along `axis`, each requantized. ONNX Runtime's com.microsoft QLinearConcat, version 1.
///
/// Inputs: scale and zero point of the result, then each tensor, int8 or uint8, with its scale and zero point. The
/// result has the type of its zero point.
public struct QLinearConcat: QuantizedOperator {
  public static let name = "QLinearConcat"
  /// Scales and zero points of the first 1,000 tensors.
  public static let constantInputs = Set([0, 1] + (1...1000).flatMap { [3 * $0, 3 * $0 + 1] })
  /// The axis; negative counts from the end.
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public var operation: any Operator { Concat(axis: axis) }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions(stride(from: 2, to: count, by: 3).map { .init(at: $0) }, scale: 0, zero: 1)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    guard let axis = try node.int("axis") else {
      throw GraphError(.structure, "QLinearConcat lacks its axis", place: node.name)
    }
    guard node.inputs.count >= 5 else {
      throw GraphError(.structure, "QLinearConcat has nothing to join", place: node.name)
    }
    return try QLinearConcat(axis: axis).write(node, in: graph)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
}
