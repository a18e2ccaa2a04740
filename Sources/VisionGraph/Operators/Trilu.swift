public import VisionTensor

/// The upper or lower triangle of the matrices in the last two axes of x, with zeros elsewhere. ONNX Trilu,
/// opset 14.
///
/// Inputs: x of any type, at least two axes; optionally k, one int64 number, the diagonal that bounds the
/// triangle and belongs to it (0 is the main diagonal, positive numbers lie above it).
public struct Trilu: Operator {
  public static let name = "Trilu"
  /// Whether the upper triangle is kept; otherwise the lower one.
  public var isUpper: Bool

  public init(isUpper: Bool = true) { self.isUpper = isUpper }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let k = try ShapeRule.optional(inputs, 1, types: [.int64])
    guard x.shape.rank >= 2 else { throw ShapeError("\(x.shape) is no matrix") }
    if let k, k.shape.elementCount != 1 { throw ShapeError("the diagonal has shape \(k.shape)") }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let shape = try resolved(inputs)[0].shape
    let x = try Reference.required(inputs, 0)
    let diagonal = Reference.optional(inputs, 1)?.integers[0] ?? 0
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let size = x.elementType.byteCount
    let result = Tensor(elementType: x.elementType, shape: shape) { target in
      x.withUnsafeBytes { source in
        for byte in target.indices {
          let position = byte / size
          let offset = position % columns - position / columns % rows
          if isUpper ? offset >= diagonal : offset <= diagonal { target[byte] = source[byte] }
        }
      }
    }
    return [result]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.movement(self)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["upper"])
    try node.allowInputs(atMost: 2)
    return try graph.add(Trilu(isUpper: try node.int("upper") ?? 1 != 0), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["upper": .int(isUpper ? 1 : 0)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
