import VisionSystem

/// y = x / (1 + e^(−α·x)). ONNX Swish, opset 24.
public struct Swish: DifferentiableUnary {
  public static let name = "Swish"
  public static let introduction = 24
  public static let keepsNumbersOpen = true
  /// The slope α inside the sigmoid.
  public var alpha: Float

  public init(alpha: Float = 1) {
    self.alpha = alpha
  }

  public var function: ElementFunction? { ElementFunction(.silu, alpha) }

  public func apply(_ x: Double) -> Double {
    // 0 · −∞ would give NaN instead of the limit −0.
    x == -.infinity && alpha > 0 ? -0.0 : x * Libm.sigmoid(Double(alpha) * x)
  }

  public func derivative(_ x: Double) -> Double {
    let gate = Libm.sigmoid(Double(alpha) * x)
    let slope = gate * (1 - gate)
    // The product is 0 where the slope is 0, even at infinities.
    return gate + (slope == 0 ? 0 : Double(alpha) * x * slope)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    try node.allowInputs(atMost: 1)
    var op = Swish()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha)] }
}
