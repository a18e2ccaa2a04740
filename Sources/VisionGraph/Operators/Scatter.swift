public import VisionTensor

/// The first form of ScatterElements, which opset 11 replaced it by, and as which it is imported. ONNX Scatter, opset 9.
///
/// Inputs: as those of ScatterElements.
public struct Scatter: Scattering {
  public static let name = "Scatter"
  /// The axis that is indexed; negative counts from the end.
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  /// The equivalent operator.
  private var elements: ScatterElements { ScatterElements(axis: axis) }

  public var reduction: ScatterReduction { .none }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] { try elements.outputs(inputs) }

  public func places(in x: Shape, _ indices: Tensor, _ updates: Shape) throws(EvaluationError) -> [Int] {
    try elements.places(in: x, indices, updates)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    return try ScatterElements.build(node, in: graph)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
}
