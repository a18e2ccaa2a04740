/// y = x for x > α, else 0. ONNX ThresholdedRelu, opset 10.
public struct ThresholdedRelu: DifferentiableUnary {
  public static let name = "ThresholdedRelu"
  public static let keepsNumbersOpen = true
  /// The threshold α.
  public var alpha: Float

  public init(alpha: Float = 1) {
    self.alpha = alpha
  }

  public var function: ElementFunction? { ElementFunction(.thresholdedRelu, alpha) }

  public func apply(_ x: Double) -> Double { x > Double(alpha) ? x : x.isNaN ? x : 0 }

  public func derivative(_ x: Double) -> Double { x.isNaN ? x : x > Double(alpha) ? 1 : 0 }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    try node.allowInputs(atMost: 1)
    var op = ThresholdedRelu()
    if let alpha = try node.float("alpha") { op.alpha = alpha }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["alpha": .float(alpha)] }
}
