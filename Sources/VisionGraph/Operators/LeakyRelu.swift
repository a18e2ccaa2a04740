/// y = x for x ≥ 0, α·x for x < 0. ONNX LeakyRelu, opset 16.
public struct LeakyRelu: DifferentiableUnary {
  public static let name = "LeakyRelu"
  public static let keepsNumbersOpen = true
  /// The slope α below 0.
  public var alpha: Float

  public init(alpha: Float = 0.01) {
    self.alpha = alpha
  }

  public var function: ElementFunction? { ElementFunction(.leakyRelu, alpha) }

  public func apply(_ x: Double) -> Double { x < 0 ? Double(alpha) * x : x }

  public func derivative(_ x: Double) -> Double { x > 0 ? 1 : x.isNaN ? x : Double(alpha) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    try node.allowInputs(atMost: 1)
    var op = LeakyRelu()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha)] }
}
