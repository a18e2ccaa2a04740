/// y = (Σ |x|ᵖ)^(1/p) of each channel. ONNX GlobalLpPool, opset 2.
///
/// Input: x N×C×spatial, a floating-point type; output N×C×1….
public struct GlobalLpPool: GlobalPooling {
  public static let name = "GlobalLpPool"
  /// The norm, at least 1.
  public var p: Int

  public init(p: Int = 2) { self.p = p }

  public func pool(_ elements: UnsafeBufferPointer<Double>) -> Double { Reference.norm(elements, p) }

  public func derivatives(_ elements: [Double]) -> [Double] { Reference.normDerivatives(elements, p) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["p"])
    let p = try node.int("p") ?? 2
    guard p >= 1 else { throw node.unsupported("p \(p)") }
    return [try graph.add(GlobalLpPool(p: p), node.input(0), name: node.name)]
  }

  public var attributes: Attributes { ["p": .int(p)] }
}
