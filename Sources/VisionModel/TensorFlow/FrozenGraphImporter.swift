import VisionGraph
import VisionSystem
import VisionTensor

/// Translates the part of a frozen TensorFlow graph that some outputs depend on to a graph of our own.
///
/// Numbers that follow from the file alone, such as the anchors of a detector, are computed at once by the operators'
/// references. Images are transposed to N×C×H×W at the first convolution and back only where an operation needs
/// TensorFlow's order.
struct FrozenGraphImporter {
  let builder = GraphBuilder()
  private(set) var parameters = Parameters()
  private let file: FrozenGraph
  private var values: [String: [FrozenValue]] = [:]

  init(_ file: FrozenGraph) { self.file = file }

  /// Declares the value of a node as an input of the new graph.
  ///
  /// - Parameter shape: C×H×W, for a node whose value TensorFlow has as N×H×W×C; N stays open.
  mutating func addImage(_ node: String, name: String, shape: [Int]) throws(FormatError) {
    let value: Value
    do {
      value = try builder.input(name, dimensions: [.symbolic("N")] + shape.map { .fixed($0) })
    } catch { throw Self.network(error, node) }
    values[node] = [.computed(value, isChannelsFirst: true)]
  }

  /// Translates everything that `nodes` depend on.
  ///
  /// - Throws: `FormatError`; operations that are not supported are listed together.
  mutating func translate(_ nodes: [String]) throws(FormatError) {
    let order = try file.order(of: nodes, given: Set(values.keys))
    var unknown: [String: Int] = [:]
    for index in order where values[file.nodes[index].name] == nil {
      let operation = file.nodes[index].operation
      if FrozenOperations.table[operation] == nil { unknown[operation, default: 0] += 1 }
    }
    guard unknown.isEmpty else {
      let list = unknown.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value)×)" }
      throw FormatError(
        .unsupported, "TensorFlow operations that are not supported: \(list.joined(separator: ", "))",
        remedy: "convert the network to ONNX, for example with tf2onnx")
    }
    for index in order {
      let node = file.nodes[index]
      guard values[node.name] == nil, let build = FrozenOperations.table[node.operation] else { continue }
      var inputs: [FrozenValue] = []
      for input in node.inputs {
        guard let outputs = values[input.node], input.output < outputs.count else {
          throw node.error(.corrupt, "reads output \(input.output) of '\(input.node)', which it has not")
        }
        inputs.append(outputs[input.output])
      }
      do {
        values[node.name] = try build(&self, node, inputs)
      } catch { throw error.at(node: node.name) }
    }
  }

  /// The value of a translated node, as TensorFlow has it.
  func value(_ node: String, output: Int = 0) -> FrozenValue? {
    guard let outputs = values[node], output < outputs.count else { return nil }
    return outputs[output]
  }

  /// Makes the value of a translated node an output of the new graph.
  func addOutput(_ name: String, _ node: String) throws(FormatError) {
    guard let value = value(node) else {
      throw FormatError(.network, "the graph has no value '\(node)'", node: node)
    }
    let plain = try logical(value, node)
    do {
      try builder.output(name, plain)
    } catch { throw Self.network(error, node) }
  }

  /// Adds a weight.
  mutating func parameter(_ name: String, _ tensor: Tensor) throws(FormatError) -> Value {
    parameters[name] = tensor
    do {
      return try builder.parameter(name, shape: tensor.shape, type: tensor.elementType, initializer: .zeros)
    } catch { throw Self.network(error, name) }
  }

  /// The outputs of an operator, computed at once if all inputs are constant.
  func apply(_ op: some Operator, _ inputs: [FrozenValue], _ node: String) throws(FormatError)
    -> [FrozenValue]
  {
    let tensors = inputs.compactMap(\.constant)
    if tensors.count == inputs.count {
      let facts: [Fact]
      do {
        facts = try op.outputs(tensors.map { Fact(constant: $0) })
      } catch { throw FormatError(.network, "\(type(of: op).name): \(error.message)", node: node) }
      for fact in facts where TensorLimits.byteCount(fact.shape.dimensions, fact.type) == nil {
        throw FormatError(.tooLarge, "\(type(of: op).name): the shape \(fact.shape) is too large", node: node)
      }
      do {
        return try op.evaluate(tensors).map { .constant($0) }
      } catch { throw FormatError(.network, "\(type(of: op).name): \(error.message)", node: node) }
    }
    var operands: [Value] = []
    for input in inputs { operands.append(try logical(input, node)) }
    do {
      return try builder.add(op, operands, name: node).map { .computed($0, isChannelsFirst: false) }
    } catch { throw Self.network(error, node) }
  }

  /// One output of an operator of the new graph.
  func add(_ op: some Operator, _ inputs: [Value], _ node: String, isChannelsFirst: Bool = false)
    throws(FormatError) -> FrozenValue
  {
    do {
      return .computed(try builder.add(op, inputs, name: node)[0], isChannelsFirst: isChannelsFirst)
    } catch { throw Self.network(error, node) }
  }

  /// An image resized to constant sizes.
  func resized(_ image: Value, to sizes: Value, _ sampling: ResizeSampling, _ node: String)
    throws(FormatError)
    -> [FrozenValue]
  {
    do {
      return [
        .computed(
          try builder.add(Resize(sampling), [image, nil, nil, sizes], name: node)[0], isChannelsFirst: true)
      ]
    } catch { throw Self.network(error, node) }
  }

  /// The value in TensorFlow's order of axes.
  func logical(_ value: FrozenValue, _ node: String) throws(FormatError) -> Value {
    switch value {
    case .constant(let tensor): return builder.constant(tensor, name: node)
    case .computed(let value, false): return value
    case .computed(let value, true): return try transposed(value, [0, 2, 3, 1], node)
    }
  }

  /// An image with its channels first.
  func channelsFirst(_ value: FrozenValue, _ node: String) throws(FormatError) -> Value {
    guard value.shape.count == 4 else {
      throw FormatError(.network, "needs an image N×H×W×C, not \(Shape(value.shape))", node: node)
    }
    if case .computed(let image, true) = value { return image }
    return try transposed(try logical(value, node), [0, 3, 1, 2], node)
  }

  private func transposed(_ value: Value, _ axes: [Int], _ node: String) throws(FormatError) -> Value {
    do {
      return try builder.add(Transpose(axes), value, name: "\(node)/transpose")
    } catch { throw Self.network(error, node) }
  }

  static func network(_ error: GraphError, _ node: String) -> FormatError {
    FormatError(.network, error.message, node: error.place ?? node, remedy: error.remedy)
  }
}
