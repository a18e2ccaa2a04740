import VisionSystem

/// y = x for x ≥ 0, α·(eˣ − 1) for x < 0. ONNX Elu, opset 6.
public struct Elu: DifferentiableUnary {
  public static let name = "Elu"
  public static let keepsNumbersOpen = true
  /// The distance α of the asymptote below 0.
  public var alpha: Float

  public init(alpha: Float = 1) {
    self.alpha = alpha
  }

  public var function: ElementFunction? { ElementFunction(.elu, alpha) }

  public func apply(_ x: Double) -> Double { x < 0 ? Double(alpha) * Libm.expm1(x) : x }

  public func derivative(_ x: Double) -> Double { x < 0 ? Double(alpha) * Libm.exp(x) : x.isNaN ? x : 1 }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    try node.allowInputs(atMost: 1)
    var op = Elu()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha)] }
}
