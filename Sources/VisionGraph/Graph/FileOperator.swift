/// An operator as files name it, and what one of its nodes becomes in a graph.
///
/// Most are operators of graphs, too (`Operator`). One that is not is a composition: it is there as nodes of other operators, which
/// have references, gradients and kernels of their own.
public protocol FileOperator: Sendable {
  /// The ONNX name, such as `Conv`.
  static var name: String { get }

  /// The ONNX domain: empty for ONNX's own operators, `visionnet` for those that only passes produce.
  static var domain: String { get }

  /// The version of the domain that introduced the operator if that is later than opset 17; otherwise 0.
  static var introduction: Int { get }

  /// The positions of the inputs whose values determine shapes or the operator itself. A file's tensors for
  /// them become constants, never parameters.
  static var constantInputs: Set<Int> { get }

  /// Appends what an ONNX node of this name means to the graph; one node may become several.
  static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value]
}

extension FileOperator {
  public static var domain: String { "" }
  public static var introduction: Int { 0 }
  public static var constantInputs: Set<Int> { [] }
}
