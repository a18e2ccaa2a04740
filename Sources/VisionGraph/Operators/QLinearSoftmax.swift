import VisionTensor
import VisionSystem

/// y = eˣ / Σ eˣ along one axis of a quantized tensor. ONNX Runtime's com.microsoft QLinearSoftmax, version 1.
///
/// Inputs: x, int8 or uint8, its scale and optional zero point; scale and zero point of the result, whose type is
/// that of its zero point.
public struct QLinearSoftmax: QuantizedOperator {
  public static let name = "QLinearSoftmax"
  public static let constantInputs: Set = [1, 2, 3, 4]
  /// The axis; negative counts from the end.
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public var operation: any Operator { Softmax(axis: axis) }
  public static func positions(_ count: Int) -> QuantizedPositions {
    QuantizedPositions([.init(at: 0)], scale: 3, zero: 4)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "opset"])
    guard let opset = try node.int("opset") else {
      throw GraphError(.structure, "QLinearSoftmax lacks its opset", place: node.name)
    }
    let axis = try node.int("axis") ?? -1
    let rank = try node.input(0).shape.rank
    // Before opset 13, Softmax takes all axes from `axis` on as one.
    guard opset >= 13 || axis == -1 || axis == rank - 1 else {
      throw node.unsupported("softmax of opset \(opset) over several axes")
    }
    return try QLinearSoftmax(axis: axis).write(node, in: graph)
  }

  public var attributes: Attributes { ["axis": .int(axis), "opset": .int(13)] }
}
