public import VisionTensor

/// A function of tensors, described by an immutable value: one conforming type per file.
///
/// Its meaning is that of the ONNX operator of the same name at opset 17 (or the opset that introduced it, when
/// later). Older and newer forms are translated by `build`.
public protocol Operator: Sendable, Hashable {
  /// The ONNX name, such as `Conv`.
  static var name: String { get }

  /// The ONNX domain: empty for ONNX's own operators, `visionnet` for those that only passes produce.
  static var domain: String { get }

  /// The shape rule: the facts of the outputs that follow from the facts of the inputs.
  ///
  /// Absent optional inputs are nil. Types are checked here as well.
  func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact]

  /// The reference: slow, obvious, and the law for every kernel. Floats are computed in `Double` and rounded once.
  func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor]

  /// Appends nodes that compute the gradients with respect to the inputs, one for each input, from those with respect
  /// to the outputs; nil where none is wanted or none flows.
  ///
  /// - Throws: `GraphError` for operators and inputs without derivatives.
  func gradient(_ node: Differentiation) throws(GraphError) -> [Value?]

  /// Appends what an ONNX node of this name means to the graph; one node may become several.
  static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value]

  /// The attributes as ONNX opset 17 writes them.
  var attributes: Attributes { get }

  /// Floating-point operations for these shapes; a multiplication and an addition count as two.
  func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int
}

extension Operator {
  public static var domain: String { "" }
  public var attributes: Attributes { [:] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    outputs.reduce(0) { $0 + $1.shape.elementCount }
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    throw node.notDifferentiable()
  }

  package func isEqual(to other: any Operator) -> Bool {
    guard let other = other as? Self else { return false }
    return self == other
  }
}
