import VisionSystem
public import VisionTensor

/// y = x / (bias + α / size · Σ x²)^β, summed over a window of `size` channels: local response normalization.
/// ONNX LRN, opset 13. Source: Krizhevsky et al. 2012, section 3.3.
///
/// Input: x N×C×…, a floating-point type.
public struct LRN: Operator {
  public static let name = "LRN"
  public var size: Int
  public var alpha: Float
  public var beta: Float
  public var bias: Float

  public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 2 else { throw ShapeError("input \(x.shape) must have at least 2 axes: N×C") }
    guard size > 0 else { throw ShapeError("size \(size) must be positive") }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let source = x.doubles
    var result = source
    let (before, after) = ((size - 1) / 2, size / 2)
    Reference.forEachLine(x.shape, axis: 1) { start, step, count in
      for channel in 0..<count {
        var sum = 0.0
        for other in max(0, channel - before)..<(channel + min(after, count - 1 - channel) + 1) {
          sum += source[start + other * step] * source[start + other * step]
        }
        let base = Double(bias) + Double(alpha) / Double(size) * sum
        result[start + channel * step] = source[start + channel * step] / Libm.pow(base, Double(beta))
      }
    }
    return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(LRNGradient(self), node.gradient, node.input(0))]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "beta", "bias", "size"])
    guard let size = try node.int("size") else {
      throw GraphError(.structure, "LRN lacks size", place: node.name)
    }
    let lrn = LRN(
      size: size, alpha: try node.float("alpha") ?? 1e-4, beta: try node.float("beta") ?? 0.75,
      bias: try node.float("bias") ?? 1)
    return [try graph.add(lrn, node.input(0), name: node.name)]
  }

  public var attributes: Attributes {
    ["alpha": .float(alpha), "beta": .float(beta), "bias": .float(bias), "size": .int(size)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    // A sliding sum; the power counts as one operation.
    outputs[0].shape.elementCount * 6
  }
}
