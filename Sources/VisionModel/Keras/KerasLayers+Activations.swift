import VisionGraph
import VisionTensor

extension KerasLayers {
  /// Layers that compute a function of each element.
  static let activations: [String: Build] = [
    "Activation": { importer, layer, inputs throws(FormatError) in
      try activated(&importer, layer, one(layer, inputs))
    },
    "ReLU": { importer, layer, inputs throws(FormatError) in
      let slope = try layer.float("negative_slope") ?? 0
      guard try layer.float("threshold") ?? 0 == 0, slope == 0 else {
        throw layer.error(.unsupported, "with a slope or threshold is not supported")
      }
      guard let limit = try layer.float("max_value") else {
        return try importer.add(Relu(), [one(layer, inputs)], layer)
      }
      return try clipped(importer, layer, one(layer, inputs), 0, limit)
    },
    "LeakyReLU": { importer, layer, inputs throws(FormatError) in
      let (slope, alpha) = (try layer.float("negative_slope"), try layer.float("alpha"))
      return try importer.add(LeakyRelu(alpha: slope ?? alpha ?? 0.3), [one(layer, inputs)], layer)
    },
    "ELU": { importer, layer, inputs throws(FormatError) in
      try importer.add(Elu(alpha: layer.float("alpha") ?? 1), [one(layer, inputs)], layer)
    },
    "PReLU": { importer, layer, inputs throws(FormatError) in
      let x = try image(layer, inputs)
      let slopes = try importer.weight(["alpha"], [1, 1, x.shape[1]], layer)
      let parameter = try importer.parameter(
        "\(layer.name)/alpha", slopes.reshaped(to: [x.shape[1], 1, 1]))
      return try importer.add(PRelu(), [x, parameter], layer)
    },
    "Softmax": { importer, layer, inputs throws(FormatError) in
      let axis = layer.settings["axis"]?.integer ?? layer.settings["axis"]?.array?.first?.integer ?? -1
      let x = try one(layer, inputs)
      guard axis == -1 || axis == x.shape.rank - 1 else {
        throw layer.error(.unsupported, "over another axis than the last is not supported")
      }
      return try softmax(&importer, layer, x)
    },
  ]

  /// The value after the activation that a layer names.
  static func activated(_ importer: inout KerasImporter, _ layer: KerasLayer, _ x: Value) throws(FormatError)
    -> Value
  {
    let name = try layer.text("activation") ?? "linear"
    switch name {
    case "linear": return x
    case "softmax": return try softmax(&importer, layer, x)
    case "relu6": return try clipped(importer, layer, x, 0, 6)
    case "hard_sigmoid":
      // Keras 3 has another slope than the versions before.
      let slope: Float = importer.isThird ? 1.0 / 6 : 0.2
      return try importer.add(HardSigmoid(alpha: slope, beta: 0.5), [x], layer)
    case "swish", "silu":
      return try importer.add(Mul(), [x, importer.add(Sigmoid(), [x], layer)], layer)
    case "gelu": return try importer.add(Gelu(), [x], layer)
    case "leaky_relu" where importer.isThird: return try importer.add(LeakyRelu(alpha: 0.2), [x], layer)
    default:
      guard let op = functions[name] else {
        throw layer.error(.unsupported, "with the activation '\(name)' is not supported")
      }
      return try importer.add(op, [x], layer)
    }
  }

  private static let functions: [String: any Operator] = [
    "relu": Relu(), "sigmoid": Sigmoid(), "tanh": Tanh(), "elu": Elu(), "selu": Selu(),
    "softplus": Softplus(),
    "softsign": Softsign(), "exponential": Exp(), "mish": Mish(),
  ]

  private static func softmax(_ importer: inout KerasImporter, _ layer: KerasLayer, _ x: Value)
    throws(FormatError)
    -> Value
  {
    importer.note(logits: x, of: layer)
    return try importer.add(Softmax(axis: x.shape.rank == 4 ? 1 : -1), [x], layer)
  }

  private static func clipped(
    _ importer: KerasImporter, _ layer: KerasLayer, _ x: Value, _ low: Float, _ high: Float
  ) throws(FormatError) -> Value {
    try importer.add(Clip(), [x, importer.scalar(low, layer), importer.scalar(high, layer)], layer)
  }
}
