/// y = max(0, min(1, α·x + β)). ONNX HardSigmoid, opset 6.
public struct HardSigmoid: DifferentiableUnary {
  public static let name = "HardSigmoid"
  /// The slope α.
  public var alpha: Float
  /// The value β at 0.
  public var beta: Float

  public init(alpha: Float = 0.2, beta: Float = 0.5) {
    self.alpha = alpha
    self.beta = beta
  }

  public var function: ElementFunction? { ElementFunction(.hardSigmoid, alpha, beta) }

  public func apply(_ x: Double) -> Double {
    let y = Double(alpha) * x + Double(beta)
    return y.isNaN ? y : max(0, min(1, y))
  }

  public func derivative(_ x: Double) -> Double {
    let y = Double(alpha) * x + Double(beta)
    return y.isNaN ? y : y > 0 && y < 1 ? Double(alpha) : 0
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "beta"])
    try node.allowInputs(atMost: 1)
    var op = HardSigmoid()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    if let beta = try node.float("beta") { op.beta = beta }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha), "beta": .float(beta)] }
}
