import VisionGraph
import VisionSystem
import VisionTensor

/// Translates layers of Keras to a graph of our own.
///
/// Values with four axes are images, N×C×H×W here, where Keras has N×H×W×C; layers that see the order of elements transpose them.
struct KerasImporter {
  let builder = GraphBuilder()
  /// Whether Keras 3 has written the file; some activations differ.
  let isThird: Bool
  private(set) var parameters = Parameters()
  private let weights: KerasWeights
  private var values: [String: Value] = [:]
  /// What goes into the softmax at the end of a layer.
  private var logits: [String: Value] = [:]
  /// The weights of the layer that is being translated, without those that it has taken.
  private var open: [String: Tensor] = [:]

  init(weights: KerasWeights, isThird: Bool) { (self.weights, self.isThird) = (weights, isThird) }

  mutating func translate(_ configuration: KerasConfiguration) throws(FormatError) {
    var unknown: [String: Int] = [:]
    for layer in configuration.layers where KerasLayers.table[layer.kind] == nil {
      unknown[layer.kind, default: 0] += 1
    }
    guard unknown.isEmpty else {
      let list = unknown.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value)×)" }
      throw FormatError(
        .unsupported, "Keras layers that are not supported: \(list.joined(separator: ", "))",
        remedy: "convert the network to ONNX: model.export(\"model.onnx\", format=\"onnx\")")
    }
    for layer in try Self.order(configuration.layers) { try translate(layer) }
    for name in configuration.outputs {
      guard let value = values[name] else {
        throw FormatError(.corrupt, "the output's layer does not exist", node: name)
      }
      do {
        if configuration.outputs.count == 1, let logits = logits[name], value.shape.rank == 2 {
          try builder.output(OutputRole.logits.name, logits)
          try builder.output(OutputRole.probabilities.name, value)
        } else {
          try builder.output(name, logical(value, name))
        }
      } catch let error as GraphError {
        throw Self.network(error, name)
      } catch { throw FormatError(.network, "\(error)", node: name) }
    }
  }

  /// The layers, each after those that it reads.
  private static func order(_ layers: [KerasLayer]) throws(FormatError) -> [KerasLayer] {
    let places = Dictionary(layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var readers: [Int: [Int]] = [:]
    var missing = [Int](repeating: 0, count: layers.count)
    for (index, layer) in layers.enumerated() {
      for input in layer.inputs {
        guard let source = places[input] else {
          throw layer.error(.corrupt, "reads '\(input)', which does not exist")
        }
        readers[source, default: []].append(index)
        missing[index] += 1
      }
    }
    var ready = layers.indices.filter { missing[$0] == 0 }[...]
    var result: [KerasLayer] = []
    while let index = ready.popFirst() {
      result.append(layers[index])
      for reader in readers[index] ?? [] {
        missing[reader] -= 1
        if missing[reader] == 0 { ready.append(reader) }
      }
    }
    guard result.count == layers.count else {
      throw FormatError(.unsupported, "layers that read one another in a circle are not supported")
    }
    return result
  }

  private mutating func translate(_ layer: KerasLayer) throws(FormatError) {
    guard let build = KerasLayers.table[layer.kind] else { return }
    open = try weights.weights(of: layer.name)
    var inputs: [Value] = []
    for name in layer.inputs {
      guard let value = values[name] else { throw layer.error(.corrupt, "reads '\(name)' too early") }
      inputs.append(value)
    }
    guard layer.kind == "InputLayer" || !inputs.isEmpty else { throw layer.error(.corrupt, "reads nothing") }
    do {
      values[layer.name] = try build(&self, layer, inputs)
    } catch { throw error.at(node: layer.name) }
    guard open.isEmpty else {
      throw layer.error(
        .unsupported, "has weights that are not understood: \(open.keys.sorted().joined(separator: ", "))")
    }
  }

  /// Takes a weight of the layer, which must have the shape; an extent of -1 may be any.
  mutating func weight(_ names: [String], _ shape: [Int], _ layer: KerasLayer) throws(FormatError) -> Tensor {
    for name in names {
      guard let tensor = open.removeValue(forKey: name) else { continue }
      guard tensor.shape.rank == shape.count,
        zip(tensor.shape.dimensions, shape).allSatisfy({ $1 == -1 || $0 == $1 })
      else {
        throw layer.error(.network, "has a \(name) \(tensor.shape) that does not fit its settings and input")
      }
      return tensor
    }
    throw layer.error(.missing, "has no weight '\(names[0])' in the file")
  }

  /// Makes a weight one of the graph's.
  mutating func parameter(_ name: String, _ tensor: Tensor) throws(FormatError) -> Value {
    do {
      let value = try builder.parameter(
        name, shape: tensor.shape, type: tensor.elementType, initializer: .zeros)
      parameters[name] = tensor
      return value
    } catch { throw Self.network(error, name) }
  }

  func add(_ op: some Operator, _ inputs: [Value?], _ layer: KerasLayer) throws(FormatError) -> Value {
    do {
      return try builder.add(op, inputs, name: layer.name)[0]
    } catch { throw Self.network(error, layer.name) }
  }

  func constant(_ tensor: Tensor, _ layer: KerasLayer) -> Value { builder.constant(tensor, name: layer.name) }

  func scalar(_ number: Float, _ layer: KerasLayer) -> Value { constant(Tensor(scalar: number), layer) }

  /// An input, an image or a list of numbers.
  func input(_ layer: KerasLayer, _ shape: [Int]) throws(FormatError) -> Value {
    // Channels come first here.
    let extents = shape.count == 3 ? [shape[2], shape[0], shape[1]] : shape
    do {
      return try builder.input(layer.name, dimensions: [.symbolic("N")] + extents.map { .fixed($0) })
    } catch { throw Self.network(error, layer.name) }
  }

  /// The value in Keras's order of axes.
  func logical(_ value: Value, _ name: String) throws(FormatError) -> Value {
    try transposed(value, [0, 2, 3, 1], name)
  }

  /// The value in the order of axes here.
  func native(_ value: Value, _ name: String) throws(FormatError) -> Value {
    try transposed(value, [0, 3, 1, 2], name)
  }

  private func transposed(_ value: Value, _ axes: [Int], _ name: String) throws(FormatError) -> Value {
    guard value.shape.rank == 4 else { return value }
    do {
      return try builder.add(Transpose(axes), value, name: "\(name)/transpose")
    } catch { throw Self.network(error, name) }
  }

  /// Notes what goes into the softmax that ends a layer.
  mutating func note(logits value: Value, of layer: KerasLayer) { logits[layer.name] = value }

  static func transposed(_ tensor: Tensor, _ axes: [Int], _ layer: KerasLayer) throws(FormatError) -> Tensor {
    do {
      return try Transpose(axes).evaluate([tensor])[0]
    } catch { throw layer.error(.network, error.message) }
  }

  private static func network(_ error: GraphError, _ name: String) -> FormatError {
    FormatError(.network, error.message, node: error.place ?? name, remedy: error.remedy)
  }
}
