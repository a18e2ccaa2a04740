import VisionGraph
import VisionTensor

extension KerasLayers {
  /// Layers that slide a window over images.
  static let windows: [String: Build] = [
    "Conv2D": { importer, layer, inputs throws(FormatError) in
      let x = try image(layer, inputs)
      let (window, groups) = (try window(layer, "kernel_size"), try layer.int("groups") ?? 1)
      guard groups > 0, x.shape[1] % groups == 0 else {
        throw layer.error(.network, "has \(groups) groups for \(x.shape[1]) channels")
      }
      let kernel = try importer.weight(["kernel"], window.kernel + [x.shape[1] / groups, -1], layer)
      return try convolved(
        &importer, layer, x, Conv(window: window, groups: groups),
        KerasImporter.transposed(kernel, [3, 2, 0, 1], layer))
    },
    "DepthwiseConv2D": { importer, layer, inputs throws(FormatError) in
      let x = try image(layer, inputs)
      let (op, kernel) = try depthwise(&importer, layer, x, ["depthwise_kernel", "kernel"])
      return try convolved(&importer, layer, x, op, kernel)
    },
    "SeparableConv2D": { importer, layer, inputs throws(FormatError) in
      let x = try image(layer, inputs)
      let (op, kernel) = try depthwise(&importer, layer, x, ["depthwise_kernel"])
      let inner = try importer.add(
        op, [x, importer.parameter("\(layer.name)/depthwise_kernel", kernel)], layer)
      let pointwise = try importer.weight(["pointwise_kernel"], [1, 1, inner.shape[1], -1], layer)
      return try convolved(
        &importer, layer, inner, Conv(window: Window(kernel: [1, 1])),
        KerasImporter.transposed(pointwise, [3, 2, 0, 1], layer))
    },
    "MaxPooling2D": { importer, layer, inputs throws(FormatError) in
      try importer.add(MaxPool(window: window(layer, "pool_size")), [image(layer, inputs)], layer)
    },
    "AveragePooling2D": { importer, layer, inputs throws(FormatError) in
      try importer.add(AveragePool(window: window(layer, "pool_size")), [image(layer, inputs)], layer)
    },
    "GlobalAveragePooling2D": { importer, layer, inputs throws(FormatError) in
      let means = try importer.add(GlobalAveragePool(), [image(layer, inputs)], layer)
      return try layer.flag("keepdims") ? means : importer.add(Flatten(), [means], layer)
    },
    "GlobalMaxPooling2D": { importer, layer, inputs throws(FormatError) in
      let largest = try importer.add(GlobalMaxPool(), [image(layer, inputs)], layer)
      return try layer.flag("keepdims") ? largest : importer.add(Flatten(), [largest], layer)
    },
  ]

  /// A convolution with bias and activation, by filters O×I×H×W.
  private static func convolved(
    _ importer: inout KerasImporter, _ layer: KerasLayer, _ x: Value, _ op: Conv, _ filters: Tensor
  ) throws(FormatError) -> Value {
    var operands: [Value?] = [x, try importer.parameter("\(layer.name)/kernel", filters)]
    if let bias = try bias(&importer, layer, filters.shape[0]) { operands.append(bias) }
    return try activated(&importer, layer, importer.add(op, operands, layer))
  }

  /// A convolution of each channel by itself, with filters C·M×1×H×W.
  private static func depthwise(
    _ importer: inout KerasImporter, _ layer: KerasLayer, _ x: Value, _ names: [String]
  ) throws(FormatError) -> (Conv, Tensor) {
    let (window, channels) = (try window(layer, "kernel_size"), x.shape[1])
    let kernel = try importer.weight(names, window.kernel + [channels, -1], layer)
    // Channel c makes the outputs c·M … c·M + M − 1.
    let filters = try KerasImporter.transposed(kernel, [2, 3, 0, 1], layer)
      .reshaped(to: Shape([channels * kernel.shape[3], 1] + window.kernel))
    return (Conv(window: window, groups: channels), filters)
  }

  /// - Parameter key: the setting of the window's sides.
  private static func window(_ layer: KerasLayer, _ key: String) throws(FormatError) -> Window {
    let isPool = key == "pool_size"
    guard let kernel = try layer.pair(key) ?? (isPool ? [2, 2] : nil) else {
      throw layer.error(.corrupt, "has no \(key)")
    }
    let padding: Window.Padding
    switch try layer.text("padding") ?? "valid" {
    // An odd element goes after the end, as in TensorFlow.
    case "same": padding = .sameUpper
    case "valid": padding = .explicit([0, 0, 0, 0])
    case let other: throw layer.error(.unsupported, "with padding '\(other)' is not supported")
    }
    return Window(
      kernel: kernel, strides: try layer.pair("strides") ?? (isPool ? kernel : [1, 1]),
      dilations: isPool ? [1, 1] : try layer.pair("dilation_rate") ?? [1, 1], padding: padding)
  }
}
