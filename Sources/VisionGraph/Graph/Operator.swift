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

  /// The version of its domain that brought the operator, where that is later than opset 17; 0 for all others.
  static var introduction: Int { get }

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

  /// The inputs, by position, whose values shapes or the operator itself follow from: what a file gives for them are
  /// constants and never parameters.
  static var constantInputs: Set<Int> { get }

  /// Whether it is an activation or a normalization that stands between layers and leaves numbers as open as they were: no
  /// probabilities come out of it.
  static var keepsNumbersOpen: Bool { get }

  /// Appends what an ONNX node of this name means to the graph; one node may become several.
  static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value]

  /// The function of each element of input 0 that the operator is for these inputs, where kernels know it; nil for all
  /// other operators.
  func elementFunction(_ inputs: [Fact?]) -> ElementFunction?

  /// The inputs whose elements along axis 0 are samples, where each sample of the outputs follows from the same sample
  /// of these and from inputs that all samples share; nil where samples meet, or where nothing says that they do not.
  func sampleInputs(_ inputs: [Fact?]) -> Set<Int>?

  /// What the operator is to a network that computes on bytes, its first input being float32 and changing.
  ///
  /// - Parameter isFixed: whether the input at a position, which is there, is a weight or a constant.
  func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole

  /// The attributes as ONNX opset 17 writes them.
  var attributes: Attributes { get }

  /// Floating-point operations for these shapes; a multiplication and an addition count as two.
  func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int
}

extension Operator {
  public static var domain: String { "" }
  public static var introduction: Int { 0 }
  public static var constantInputs: Set<Int> { [] }
  public static var keepsNumbersOpen: Bool { false }
  public var attributes: Attributes { [:] }
  public func elementFunction(_ inputs: [Fact?]) -> ElementFunction? { nil }
  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { nil }
  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .float }
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
