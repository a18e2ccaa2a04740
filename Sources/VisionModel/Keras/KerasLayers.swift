import VisionGraph
import VisionTensor

/// How layers of Keras are translated, by their classes.
enum KerasLayers {
  typealias Build = @Sendable (inout KerasImporter, KerasLayer, [Value]) throws(FormatError) -> Value

  static let table: [String: Build] = {
    var table = windows
    table.merge(activations) { _, new in new }
    table.merge(shapes) { _, new in new }
    table.merge(plain) { _, new in new }
    return table
  }()

  private static let plain: [String: Build] = [
    "InputLayer": { importer, layer, _ throws(FormatError) in
      try layer.check("dtype", isOneOf: ["float32"])
      guard let shape = try layer.inputShape() else { throw layer.error(.unsupported, "gives no shape") }
      guard shape.count != 2 else { throw layer.error(.unsupported, "of sequences is not supported") }
      return try importer.input(layer, shape)
    },
    "Dense": { importer, layer, inputs throws(FormatError) in
      let x = try one(layer, inputs)
      guard x.shape.rank == 2 else {
        throw layer.error(.unsupported, "on values with \(x.shape.rank) axes is not supported")
      }
      let kernel = try importer.weight(["kernel"], [x.shape[1], -1], layer)
      var operands: [Value?] = [x, try importer.parameter("\(layer.name)/kernel", kernel)]
      if let bias = try bias(&importer, layer, kernel.shape[1]) { operands.append(bias) }
      return try activated(&importer, layer, importer.add(Gemm(), operands, layer))
    },
    "BatchNormalization": { importer, layer, inputs throws(FormatError) in
      let x = try one(layer, inputs)
      let axes =
        layer.settings["axis"]?.array?.compactMap(\.integer) ?? [layer.settings["axis"]?.integer ?? -1]
      guard axes == [-1] || axes == [x.shape.rank - 1], x.shape.rank == 4 || x.shape.rank == 2 else {
        throw layer.error(.unsupported, "over another axis than the last is not supported")
      }
      guard try !layer.flag("renorm") else { throw layer.error(.unsupported, "with renorm is not supported") }
      let count = x.shape[1]
      let ones = Tensor([Float](repeating: 1, count: count), shape: [count])
      let zeros = Tensor([Float](repeating: 0, count: count), shape: [count])
      var operands: [Value?] = [x]
      for (name, standard, isThere) in [
        ("gamma", ones, try layer.flag("scale", default: true)),
        ("beta", zeros, try layer.flag("center", default: true)), ("moving_mean", zeros, true),
        ("moving_variance", ones, true),
      ] {
        let tensor = isThere ? try importer.weight([name], [count], layer) : standard
        operands.append(try importer.parameter("\(layer.name)/\(name)", tensor))
      }
      return try importer.add(
        BatchNormalization(epsilon: layer.float("epsilon") ?? 1e-3), operands, layer)
    },
    "Rescaling": { importer, layer, inputs throws(FormatError) in
      let scale = importer.scalar(try layer.float("scale") ?? 1, layer)
      let offset = importer.scalar(try layer.float("offset") ?? 0, layer)
      let product = try importer.add(Mul(), [one(layer, inputs), scale], layer)
      return try importer.add(Add(), [product, offset], layer)
    },
    "Dropout": same, "SpatialDropout2D": same, "GaussianNoise": same, "GaussianDropout": same,
    "AlphaDropout": same, "ActivityRegularization": same,
  ]

  private static let same: Build = { _, layer, inputs throws(FormatError) in try one(layer, inputs) }

  /// The only input.
  static func one(_ layer: KerasLayer, _ inputs: [Value]) throws(FormatError) -> Value {
    guard inputs.count == 1 else { throw layer.error(.corrupt, "reads \(inputs.count) values, not one") }
    return inputs[0]
  }

  /// The only input, which must be images.
  static func image(_ layer: KerasLayer, _ inputs: [Value]) throws(FormatError) -> Value {
    let value = try one(layer, inputs)
    guard value.shape.rank == 4 else {
      throw layer.error(.network, "reads values with \(value.shape.rank) axes, not images")
    }
    try layer.check("data_format", isOneOf: ["channels_last"])
    return value
  }

  /// The bias of a layer that has one.
  static func bias(_ importer: inout KerasImporter, _ layer: KerasLayer, _ count: Int) throws(FormatError)
    -> Value?
  {
    guard try layer.flag("use_bias", default: true) else { return nil }
    let tensor = try importer.weight(["bias"], [count], layer)
    return try importer.parameter("\(layer.name)/bias", tensor)
  }
}
