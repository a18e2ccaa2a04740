import VisionSystem

/// y = γ·x for x > 0, γ·α·(eˣ − 1) for x ≤ 0 (Klambauer et al. 2017). ONNX Selu, opset 6.
public struct Selu: DifferentiableUnary {
  public static let name = "Selu"
  public static let keepsNumbersOpen = true
  /// The factor α up to 0.
  public var alpha: Float
  /// The factor γ for all x.
  public var gamma: Float

  public init(alpha: Float = 1.67326319217681884765625, gamma: Float = 1.05070102214813232421875) {
    self.alpha = alpha
    self.gamma = gamma
  }

  public var function: ElementFunction? { ElementFunction(.selu, alpha, gamma) }

  public func apply(_ x: Double) -> Double {
    Double(gamma) * (x <= 0 ? Double(alpha) * Libm.expm1(x) : x)
  }

  public func derivative(_ x: Double) -> Double {
    x.isNaN ? x : Double(gamma) * (x <= 0 ? Double(alpha) * Libm.exp(x) : 1)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "gamma"])
    try node.allowInputs(atMost: 1)
    var op = Selu()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    if let gamma = try node.float("gamma") { op.gamma = gamma }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha), "gamma": .float(gamma)] }
}
