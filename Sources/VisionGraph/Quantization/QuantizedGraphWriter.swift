import VisionSystem
import VisionTensor

/// Copies a graph node by node, rounding values and weights to bytes.
struct QuantizedGraphWriter {
  private let source: Graph
  private let parameters: Parameters
  private let builder = GraphBuilder()
  private var values: [Value?]
  /// The quantizations of the source's values.
  private var quantizations: [ValueID: AffineQuantization] = [:]

  init(_ source: Graph, _ parameters: Parameters) {
    self.source = source
    self.parameters = parameters
    values = [Value?](repeating: nil, count: source.values.count)
  }

  mutating func input(_ id: ValueID) throws(GraphError) {
    guard case .input(let dimensions) = source[id].source else { return }
    var binding: [String: Int] = [:]
    for (dimension, extent) in zip(dimensions, source.fact(id).shape) {
      if case .symbolic(let name) = dimension { binding[name] = extent }
    }
    values[id.index] = try builder.input(
      source[id].name, type: source.fact(id).type, dimensions: dimensions, binding: binding)
  }

  /// Copies a node unchanged.
  mutating func copy(_ node: Graph.Node) throws(GraphError) {
    var inputs: [Value?] = []
    for input in node.inputs { inputs.append(try input.map { (id) throws(GraphError) in try value(id) }) }
    try add(node.operation, inputs, node)
  }

  /// Copies a convolution or a matrix product, with its weights and bias as integers.
  ///
  /// - Parameter axis: the axis of the weights' output channels.
  mutating func weighted(_ node: Graph.Node, axis: Int) throws(GraphError) {
    guard let x = node.inputs[0], let id = node.inputs[1], let w = tensor(id), let input = quantizations[x]
    else {
      return try copy(node)
    }
    let bias = node.inputs.count > 2 ? node.inputs[2].flatMap(tensor) : nil
    for (id, tensor) in [(id, w)] + (bias.map { [(node.inputs[2] ?? id, $0)] } ?? []) {
      guard let number = tensor.floats.first(where: { !$0.isFinite }) else { continue }
      throw GraphError(
        .notFinite, "the weights hold \(number), for which there is no byte", place: source[id].name,
        remedy: "quantize a model whose weights are finite")
    }
    let quantized = WeightQuantization(w, axis: axis, bias: bias, input: input.scale)
    guard quantized.biasScales.floats.allSatisfy(\.isFinite) else {
      throw GraphError(
        .notFinite,
        "the products of the weights, up to \(w.floats.reduce(0) { max($0, abs($1)) }), are too large",
        place: node.name, remedy: "quantize a model whose weights are smaller")
    }
    let zeros = Tensor(repeating: Int8(0), shape: quantized.scales.shape)
    let weights = try builder.add(
      DequantizeLinear(axis: axis), builder.constant(quantized.weights, name: "\(node.name).weight.int8"),
      builder.constant(quantized.scales, name: "\(node.name).weight.scale"),
      builder.constant(zeros, name: "\(node.name).weight.zero_point"), name: "\(node.name).weight.dequantized"
    )
    var inputs: [Value?] = [try value(x), weights]
    if let bias = quantized.bias {
      let zeros = Tensor(repeating: Int32(0), shape: bias.shape)
      inputs.append(
        try builder.add(
          DequantizeLinear(axis: 0), builder.constant(bias, name: "\(node.name).bias.int32"),
          builder.constant(quantized.biasScales, name: "\(node.name).bias.scale"),
          builder.constant(zeros, name: "\(node.name).bias.zero_point"), name: "\(node.name).bias.dequantized"
        ))
    }
    try add(node.operation, inputs, node)
  }

  /// Rounds a value to bytes; its readers then read the dequantized bytes.
  mutating func quantize(_ id: ValueID, _ quantization: AffineQuantization) throws(GraphError) {
    let name = source[id].name
    let scale = builder.constant(Tensor(scalar: quantization.scale), name: "\(name).scale")
    let zero = builder.constant(Tensor(scalar: quantization.zeroPoint), name: "\(name).zero_point")
    let bytes = try builder.add(QuantizeLinear(), value(id), scale, zero, name: "\(name).quantized")
    values[id.index] = try builder.add(DequantizeLinear(), bytes, scale, zero, name: "\(name).dequantized")
    quantizations[id] = quantization
  }

  /// Makes a value of the source share the counterpart of another one.
  mutating func alias(_ id: ValueID, to other: ValueID) throws(GraphError) {
    values[id.index] = try value(other)
  }

  func finish() throws(GraphError) -> (graph: Graph, parameters: Parameters) {
    for (name, id) in source.outputs {
      guard let value = values[id.index] else {
        throw GraphError(.structure, "the output '\(name)' is computed by nothing", place: name)
      }
      try builder.output(name, value)
    }
    let graph = try DeadNodeRemoval().run(builder.graph)
    var kept = Parameters()
    for (_, name, _, _) in graph.parameters { kept[name] = parameters[name] }
    return (graph, kept)
  }

  private mutating func add(_ op: any Operator, _ inputs: [Value?], _ node: Graph.Node) throws(GraphError) {
    let results = try builder.add(op, inputs, name: node.name)
    for (id, value) in zip(node.outputs, results) { values[id.index] = value }
  }

  /// The counterpart of a value; parameters and constants are copied when they are first read.
  private mutating func value(_ id: ValueID) throws(GraphError) -> Value {
    if let value = values[id.index] { return value }
    let record = source[id]
    let value: Value
    switch record.source {
    case .parameter(let initializer):
      value = try builder.parameter(
        record.name, shape: record.fact.shape, type: record.fact.type, initializer: initializer)
    case .constant(let tensor): value = builder.constant(tensor, name: record.name)
    case .input, .node:
      throw GraphError(.structure, "the value '\(record.name)' is read before it is made", place: record.name)
    }
    values[id.index] = value
    return value
  }

  private func tensor(_ id: ValueID) -> Tensor? {
    switch source[id].source {
    case .parameter: parameters[source[id].name]
    case .constant(let tensor): tensor
    case .input, .node: nil
    }
  }
}
