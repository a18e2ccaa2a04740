import VisionSystem
public import VisionTensor

/// y = x + bias for x < −λ, x − bias for x > λ, else 0. ONNX Shrink, opset 9.
///
/// Input: x, any numbers. Integers are computed in `Double` and truncated.
public struct Shrink: DifferentiableUnary {
  public static let name = "Shrink"
  public static let types = Set<ElementType>.numbers
  public var bias: Float
  /// The bound λ of what becomes 0.
  public var threshold: Float

  public init(bias: Float = 0, threshold: Float = 0.5) {
    self.bias = bias
    self.threshold = threshold
  }

  public func apply(_ x: Double) -> Double {
    let (bias, threshold) = (Double(bias), Double(threshold))
    return x < -threshold ? x + bias : x > threshold ? x - bias : x.isNaN ? x : 0
  }

  public func derivative(_ x: Double) -> Double { x.isNaN ? x : abs(x) > Double(threshold) ? 1 : 0 }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["bias", "lambd"])
    try node.allowInputs(atMost: 1)
    let op = Shrink(bias: try node.float("bias") ?? 0, threshold: try node.float("lambd") ?? 0.5)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["bias": .float(bias), "lambd": .float(threshold)] }
}
