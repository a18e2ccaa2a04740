public import VisionTensor

/// y = Σ (x − x₀)(w − w₀) under a sliding window, in 32 bits, which wrap; the padding is x₀. ONNX ConvInteger, opset 10.
///
/// Inputs: x N×C×spatial and w O×C/G×kernel, each int8 or uint8; optional zero points of their types: one number for x,
/// one or one for each output for w. The result is int32.
public struct ConvInteger: Operator {
  public static let name = "ConvInteger"
  public var conv: Conv

  public init(_ conv: Conv) { self.conv = conv }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    let w = try ShapeRule.required(inputs, 1, types: IntegerProduct.types)
    if let zero = try ShapeRule.optional(inputs, 2, types: [x.type]), !Quantization.isPerTensor(zero.shape) {
      throw ShapeError("zero point \(zero.shape) is not one number")
    }
    if let zero = try ShapeRule.optional(inputs, 3, types: [w.type]) {
      _ = try IntegerProduct.aligned(zero.shape, to: w.shape, .outputs)
    }
    return [Fact(.int32, try conv.outputs([Fact(.float32, x.shape), Fact(.float32, w.shape)])[0].shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let (x, w) = (try Reference.required(inputs, 0), try Reference.required(inputs, 1))
    let sums = try conv.evaluate([
      IntegerProduct.centered(x, Reference.optional(inputs, 2), .outputs),
      IntegerProduct.centered(w, Reference.optional(inputs, 3), .outputs),
    ])[0]
    return [IntegerProduct.wrapped(sums)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
    try node.allowInputs(atMost: 4)
    let window = try Window(node, kernel: Array(node.input(1).shape.dimensions.dropFirst(2)))
    let op = ConvInteger(Conv(window: window, groups: try node.int("group") ?? 1))
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { conv.attributes }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { conv.flops(inputs, outputs) }
}
