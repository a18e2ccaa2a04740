public import VisionTensor

/// y = saturate(round((Σ (x − x₀)(w − w₀) + b) · x scale · w scale / y scale) + y₀): a convolution of quantized tensors.
/// ONNX QLinearConv, opset 10.
///
/// Inputs: x N×C×spatial, int8 or uint8, its scale and zero point; w O×C/G×kernel, int8 or uint8, its scale and zero
/// point, one number each or one for each output; scale and zero point of y, whose type is that of the zero point;
/// optional int32 b O in units of the scales of x and w. Where scales and zero points are constants, it is imported
/// as DequantizeLinear → Conv → QuantizeLinear.
public struct QLinearConv: Operator {
  public static let name = "QLinearConv"
  public static let constantInputs: Set = [1, 2, 4, 5, 6, 7]
  public var conv: Conv

  public init(_ conv: Conv) { self.conv = conv }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    let w = try ShapeRule.required(inputs, 3, types: IntegerProduct.types)
    let zero = try ShapeRule.required(inputs, 7, types: IntegerProduct.types)
    let xZero = try ShapeRule.required(inputs, 2, types: [x.type])
    let wZero = try ShapeRule.required(inputs, 5, types: [w.type])
    for index in [1, 6] {
      let scale = try ShapeRule.required(inputs, index, types: [.float32])
      guard Quantization.isPerTensor(scale.shape) else { throw ShapeError("scale \(scale.shape) is not one") }
    }
    for fact in [xZero, zero] where !Quantization.isPerTensor(fact.shape) {
      throw ShapeError("zero point \(fact.shape) is not one number")
    }
    let wScale = try ShapeRule.required(inputs, 4, types: [.float32])
    for parameter in [wScale, wZero] {
      _ = try IntegerProduct.aligned(parameter.shape, to: w.shape, .outputs)
    }
    let bias = try ShapeRule.optional(inputs, 8, types: [.int32])
    let numbers = [Fact(.float32, x.shape), Fact(.float32, w.shape), bias.map { Fact(.float32, $0.shape) }]
    return [Fact(zero.type, try conv.outputs(numbers)[0].shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let w = try Reference.required(inputs, 3)
    let sums = try conv.evaluate([
      try IntegerProduct.centered(Reference.required(inputs, 0), inputs[2], .outputs),
      try IntegerProduct.centered(w, inputs[5], .outputs),
      Reference.optional(inputs, 8)?.converted(to: .float64),
    ])[0]
    let (x, y) = (try Reference.required(inputs, 1).floats[0], try Reference.required(inputs, 6).floats[0])
    let factors = try Reference.required(inputs, 4).floats.map { x * $0 / y }
    let plane = max(fact.shape.dimensions.dropFirst(2).reduce(1, *), 1)
    let multipliers = (0..<fact.shape.elementCount).map { index in
      factors.count == 1 ? factors[0] : factors[index / plane % w.shape[0]]
    }
    return [IntegerProduct.bytes(sums, multipliers, zero: inputs[7], type: fact.type)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let channelsLast = try node.flag("channels_last")
    // ONNX Runtime's own form of the operator may have the channels of x and y last.
    try node.allowAttributes([
      "auto_pad", "channels_last", "dilations", "group", "kernel_shape", "pads", "strides",
    ])
    try node.allowInputs(atMost: 9)
    let w = try node.input(3)
    let window = try Window(node, kernel: Array(w.shape.dimensions.dropFirst(2)))
    let op = QLinearConv(Conv(window: window, groups: try node.int("group") ?? 1))
    let form = QuantizedForm(node: node, graph: graph)
    guard form.isKnown([1, 2, 4, 5, 6, 7]) else {
      if channelsLast { throw node.unsupported("channels_last with scales that are no constants") }
      return try graph.add(op, node.inputs, name: node.name)
    }
    let given = try node.input(0)
    let x = channelsLast ? try graph.channelsFirst(given, name: node.name) : given
    do {
      var facts = node.inputs.map { $0?.fact }
      facts[0] = x.fact
      _ = try op.outputs(facts)
    } catch { throw GraphError(.shape, "QLinearConv: \(error.message)", place: node.name) }
    var bias: Value?
    if let b = node.optionalInput(8) {
      let step = try node.input(1).fact.value?.floats.first ?? 1
      let scale = try node.input(4)
      let scales = (scale.fact.value?.floats ?? []).map { step * $0 }
      bias = try form.numbers(b, scales: scales, shape: scale.shape, axis: 0)
    }
    let numbers = try form.numbers(0, scale: 1, zero: 2, value: x)
    let weights = try form.numbers(3, scale: 4, zero: 5, axis: 0)
    let result = try graph.add(op.conv, numbers, weights, bias, name: "\(node.name).numbers")
    let y = try form.quantized(result, scale: 6, zero: 7, type: .uint8)
    return [channelsLast ? try graph.channelsLast(y, name: node.name) : y]
  }

  public var attributes: Attributes { conv.attributes }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    inputs.count > 3 ? conv.flops([nil, inputs[3]], outputs) : 0
  }
}
