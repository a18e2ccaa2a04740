public import VisionTensor

/// Whether x is +∞ or −∞; bool. ONNX IsInf, opset 10 (float16 and bfloat16: opset 20).
public struct IsInf: Operator {
  public static let name = "IsInf"
  /// Whether +∞ counts.
  public var detectsPositive: Bool
  /// Whether −∞ counts.
  public var detectsNegative: Bool

  public init(detectsPositive: Bool = true, detectsNegative: Bool = true) {
    self.detectsPositive = detectsPositive
    self.detectsNegative = detectsNegative
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(.bool, try ShapeRule.required(inputs, 0, types: .floats).shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let results = x.doubles.map { $0 == .infinity && detectsPositive || $0 == -.infinity && detectsNegative }
    return [Tensor(results, shape: x.shape)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["detect_negative", "detect_positive"])
    try node.allowInputs(atMost: 1)
    let op = IsInf(
      detectsPositive: try node.int("detect_positive") != 0,
      detectsNegative: try node.int("detect_negative") != 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["detect_negative": .int(detectsNegative ? 1 : 0), "detect_positive": .int(detectsPositive ? 1 : 0)]
  }
}
