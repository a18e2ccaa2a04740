import VisionSystem
import VisionTensor

/// The layers of a Keras model and how they are connected: `model_config` as JSON, of Keras 2 or 3.
///
/// Read are sequential and functional models whose layers are each called once; nothing in the text is executed.
struct KerasConfiguration {
  private(set) var layers: [KerasLayer] = []
  /// The layers that are the model's outputs.
  private(set) var outputs: [String] = []

  private static let layerLimit = 1 << 14

  init(_ text: String) throws(FormatError) {
    let root = try JSONText(ByteRange(Array(text.utf8)))
    guard let kind = root["class_name"]?.string, let config = root["config"] else {
      throw FormatError(.corrupt, "model_config has no class or no settings")
    }
    switch kind {
    case "Sequential": try readSequence(config)
    case "Model", "Functional": try readFunctional(config)
    default:
      throw FormatError(
        .unsupported, "a Keras model of the class '\(kind)' is not supported",
        remedy: "save it as a sequential or functional model, or convert it to ONNX")
    }
    guard Set(layers.map(\.name)).count == layers.count else {
      throw FormatError(.corrupt, "two layers have the same name")
    }
  }

  private mutating func add(_ layer: KerasLayer) throws(FormatError) {
    guard layers.count < Self.layerLimit else {
      throw FormatError(.tooLarge, "the model has more than \(Self.layerLimit) layers")
    }
    layers.append(layer)
  }

  private mutating func readSequence(_ config: JSONText) throws(FormatError) {
    for entry in config.array ?? config["layers"]?.array ?? [] {
      let layer = try Self.layer(entry, inputs: layers.last.map { [$0.name] } ?? [])
      // Earlier versions leave out the input, and give its shape with the first layer.
      if layers.isEmpty, layer.kind != "InputLayer" {
        let shape = layer.settings["batch_input_shape"] ?? config["build_input_shape"]
        let settings = JSONText.object([("batch_input_shape", shape ?? .null)])
        try add(KerasLayer(kind: "InputLayer", name: "\(layer.name)_input", settings: settings, inputs: []))
        try add(try Self.layer(entry, inputs: ["\(layer.name)_input"]))
      } else {
        try add(layer)
      }
    }
    outputs = layers.last.map { [$0.name] } ?? []
  }

  private mutating func readFunctional(_ config: JSONText) throws(FormatError) {
    for entry in config["layers"]?.array ?? [] {
      let calls = entry["inbound_nodes"]?.array ?? []
      let name = entry["name"]?.string ?? entry["config"]?["name"]?.string ?? ""
      guard calls.count <= 1 else {
        throw FormatError(.unsupported, "a layer that is called more than once is not supported", node: name)
      }
      var inputs: [String] = []
      if let call = calls.first { inputs = try Self.sources(call["args"] ?? call, name, depth: 0) }
      try add(try Self.layer(entry, inputs: inputs))
    }
    guard let ends = config["output_layers"] else {
      throw FormatError(.corrupt, "the model has no output_layers")
    }
    outputs = try Self.sources(ends, "output_layers", depth: 0)
  }

  private static func layer(_ entry: JSONText, inputs: [String]) throws(FormatError) -> KerasLayer {
    guard let kind = entry["class_name"]?.string, let settings = entry["config"],
      let name = entry["name"]?.string ?? settings["name"]?.string
    else { throw FormatError(.corrupt, "a layer has no class, settings or name") }
    return KerasLayer(kind: kind, name: name, settings: settings, inputs: inputs)
  }

  /// The layers that references name: [name, call, output, …] in lists, or Keras 3's objects with a `keras_history`.
  private static func sources(_ value: JSONText, _ layer: String, depth: Int) throws(FormatError) -> [String]
  {
    if let history = value["config"]?["keras_history"] {
      return try sources(history, layer, depth: depth + 1)
    }
    guard let items = value.array, depth < 8 else {
      throw FormatError(.unsupported, "what a layer reads is given in an unknown form", node: layer)
    }
    guard let name = items.first?.string else {
      var names: [String] = []
      for item in items { names += try sources(item, layer, depth: depth + 1) }
      return names
    }
    guard items.count >= 3, items[1].integer == 0, items[2].integer == 0 else {
      throw FormatError(
        .unsupported, "reads '\(name)' by another call or output than the first, which is not supported",
        node: layer)
    }
    return [name]
  }
}
