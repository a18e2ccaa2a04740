public import VisionTensor

/// A function of tensors, described by an immutable value; each file holds one conforming type.
///
/// Its meaning is that of the ONNX operator of the same name at opset 17 (or the opset that introduced it, when
/// later). Older and newer forms are translated by `build`.
public protocol Operator: FileOperator, Hashable {
  /// The lowest opset in which a file may hold this operator with these inputs; at most 17 counts as none.
  func minimumOpset(_ inputs: [Fact?]) -> Int

  /// The shape rule: derives the facts of the outputs from the facts of the inputs.
  ///
  /// Absent optional inputs are nil. The rule also checks the types.
  func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact]

  /// The reference: slow and simple; it defines the result for every kernel. Floats are computed in `Double`
  /// and rounded once.
  func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor]

  /// Appends nodes that compute the gradients with respect to the inputs from those with respect to the
  /// outputs. The result has one element for each input; nil if no gradient is wanted or none reaches it.
  ///
  /// - Throws: `GraphError` for operators and inputs without derivatives.
  func gradient(_ node: Differentiation) throws(GraphError) -> [Value?]

  /// Whether it is an activation or a normalization that stands between layers and leaves numbers as open as they were: no
  /// probabilities come out of it.
  static var keepsNumbersOpen: Bool { get }

  /// The function of each element of input 0 that the operator computes for these inputs, if kernels have it;
  /// nil for all other operators.
  func elementFunction(_ inputs: [Fact?]) -> ElementFunction?

  /// The inputs whose elements along axis 0 are samples, if each sample of the outputs depends only on the
  /// same sample of these inputs and on inputs shared by all samples; nil if samples interact or if
  /// independence is not known.
  func sampleInputs(_ inputs: [Fact?]) -> Set<Int>?

  /// The role of the operator in a network that computes with bytes, given that its first input is float32
  /// and not constant.
  ///
  /// - Parameter isFixed: whether the input at a position, which must be present, is a weight or a constant.
  func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole

  /// The attributes in the form of ONNX opset 17.
  var attributes: Attributes { get }

  /// Floating-point operations for these shapes; a multiplication and an addition count as two.
  func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int
}

extension Operator {
  public func minimumOpset(_ inputs: [Fact?]) -> Int { Self.introduction }
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
