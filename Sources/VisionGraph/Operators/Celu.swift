import VisionSystem

/// y = max(0, x) + min(0, α·(e^(x/α) − 1)) (Barron 2017). ONNX Celu, opset 12.
public struct Celu: DifferentiableUnary {
  public static let name = "Celu"
  public static let keepsNumbersOpen = true
  /// The scale α, not 0.
  public var alpha: Float

  public init(alpha: Float = 1) {
    self.alpha = alpha
  }

  public var function: ElementFunction? { ElementFunction(.celu, alpha) }

  public func apply(_ x: Double) -> Double {
    let scale = Double(alpha)
    let low = scale * Libm.expm1(x / scale)
    return x.isNaN ? x : max(0, x) + min(0, low)
  }

  public func derivative(_ x: Double) -> Double { x > 0 ? 1 : x.isNaN ? x : Libm.exp(x / Double(alpha)) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    try node.allowInputs(atMost: 1)
    var op = Celu()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha)] }
}
