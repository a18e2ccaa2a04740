import VisionGraph
import VisionTensor
import VisionSystem

extension FrozenOperations {
  /// Operations that slide a window over an image, and what belongs to them.
  static let windows: [String: Build] = [
    "Conv2D": { importer, node, inputs throws(FormatError) in
      let (x, filters) = (try input(node, inputs, 0), try weights(node, inputs))
      let channels = x.shape.last ?? 0
      guard channels > 0, filters.shape[2] > 0, channels % filters.shape[2] == 0 else {
        throw node.error(.network, "filters \(filters.shape) do not fit \(Shape(x.shape))")
      }
      let conv = Conv(
        window: try window(node, kernel: [filters.shape[0], filters.shape[1]]),
        groups: channels / filters.shape[2])
      let weight = try importer.parameter(node.name, try transposed(filters, [3, 2, 0, 1], node))
      return [
        try importer.add(
          conv, [importer.channelsFirst(x, node.name), weight], node.name, isChannelsFirst: true)
      ]
    },
    "DepthwiseConv2dNative": { importer, node, inputs throws(FormatError) in
      let (x, filters) = (try input(node, inputs, 0), try weights(node, inputs))
      let (channels, factor) = (filters.shape[2], filters.shape[3])
      guard channels == x.shape.last else {
        throw node.error(.network, "filters \(filters.shape) do not fit \(Shape(x.shape))")
      }
      let conv = Conv(
        window: try window(node, kernel: [filters.shape[0], filters.shape[1]]), groups: channels)
      // Channel c makes the outputs c·factor … c·factor + factor − 1.
      let ordered = try transposed(filters, [2, 3, 0, 1], node)
        .reshaped(to: Shape([channels * factor, 1, filters.shape[0], filters.shape[1]]))
      let weight = try importer.parameter(node.name, ordered)
      return [
        try importer.add(
          conv, [importer.channelsFirst(x, node.name), weight], node.name, isChannelsFirst: true)
      ]
    },
    "MaxPool": { importer, node, inputs throws(FormatError) in
      let pool = MaxPool(window: try poolWindow(node))
      let x = try importer.channelsFirst(input(node, inputs, 0), node.name)
      return [try importer.add(pool, [x], node.name, isChannelsFirst: true)]
    },
    "AvgPool": { importer, node, inputs throws(FormatError) in
      let pool = AveragePool(window: try poolWindow(node))
      let x = try importer.channelsFirst(input(node, inputs, 0), node.name)
      return [try importer.add(pool, [x], node.name, isChannelsFirst: true)]
    },
    "FusedBatchNorm": normalization, "FusedBatchNormV2": normalization, "FusedBatchNormV3": normalization,
    "ResizeBilinear": resize(.linear), "ResizeNearestNeighbor": resize(.nearest),
  ]

  private static let normalization: Build = { importer, node, inputs throws(FormatError) in
    guard !node.flag("is_training"), node.text("data_format") ?? "NHWC" == "NHWC" else {
      throw node.error(.unsupported, "only inference in the data format NHWC is supported")
    }
    var operands = [try importer.channelsFirst(input(node, inputs, 0), node.name)]
    for (index, part) in ["scale", "offset", "mean", "variance"].enumerated() {
      guard let tensor = try input(node, inputs, index + 1).constant else {
        throw node.error(.unsupported, "the \(part) must be constant")
      }
      operands.append(try importer.parameter("\(node.name)/\(part)", tensor))
    }
    let op = BatchNormalization(epsilon: node.float("epsilon") ?? 1e-4)
    return [try importer.add(op, operands, node.name, isChannelsFirst: true)]
  }

  private static func resize(_ mode: ResizeSampling.Mode) -> Build {
    { importer, node, inputs throws(FormatError) in
      let sizes = try integers(node, inputs, 1)
      guard sizes.count == 2, sizes.allSatisfy({ $0 > 0 }) else {
        throw node.error(.network, "the sizes \(sizes) are not a height and a width")
      }
      let x = try importer.channelsFirst(input(node, inputs, 0), node.name)
      let coordinates: ResizeSampling.Coordinates =
        node.flag("align_corners")
        ? .alignCorners : node.flag("half_pixel_centers") ? .halfPixel : .asymmetric
      let sampling = ResizeSampling(
        mode: mode, coordinates: coordinates,
        rounding: node.flag("align_corners") ? .roundPreferCeil : .floor)
      let target = importer.builder.constant(
        Tensor([Int64(x.shape[0]), Int64(x.shape[1])] + sizes.map(Int64.init)), name: node.name)
      return try importer.resized(x, to: target, sampling, node.name)
    }
  }

  /// The filters height × width × inputs × outputs of a convolution.
  private static func weights(_ node: FrozenNode, _ inputs: [FrozenValue]) throws(FormatError) -> Tensor {
    guard let tensor = try input(node, inputs, 1).constant, tensor.shape.rank == 4,
      tensor.elementType == .float32
    else { throw node.error(.unsupported, "the filters must be constant, float32, with four axes") }
    return tensor
  }

  private static func transposed(_ tensor: Tensor, _ axes: [Int], _ node: FrozenNode) throws(FormatError)
    -> Tensor
  {
    do {
      return try Transpose(axes).evaluate([tensor])[0]
    } catch { throw node.error(.network, error.message) }
  }

  private static func poolWindow(_ node: FrozenNode) throws(FormatError) -> Window {
    guard let sizes = node.ints("ksize"), sizes.count == 4, sizes[0] == 1, sizes[3] == 1 else {
      throw node.error(.unsupported, "a window over samples or channels is not supported")
    }
    return try window(node, kernel: Array(sizes[1...2]))
  }

  private static func window(_ node: FrozenNode, kernel: [Int]) throws(FormatError) -> Window {
    guard node.text("data_format") ?? "NHWC" == "NHWC" else {
      throw node.error(.unsupported, "only the data format NHWC is supported")
    }
    func sides(_ attribute: String) throws(FormatError) -> [Int] {
      guard let list = node.ints(attribute) else { return [1, 1] }
      guard list.count == 4, list[0] == 1, list[3] == 1 else {
        throw node.error(.unsupported, "the \(attribute) \(list) touch samples or channels")
      }
      return Array(list[1...2])
    }
    let padding: Window.Padding
    switch node.text("padding") {
    case "SAME": padding = .sameUpper
    case "VALID": padding = .explicit([0, 0, 0, 0])
    case "EXPLICIT":
      guard let pads = node.ints("explicit_paddings"), pads.count == 8, pads[0...1] == [0, 0],
        pads[6...7] == [0, 0]
      else { throw node.error(.unsupported, "explicit paddings must be those of height and width") }
      padding = .explicit([pads[2], pads[4], pads[3], pads[5]])
    case let other: throw node.error(.corrupt, "the padding '\(other ?? "")' does not exist")
    }
    return Window(
      kernel: kernel, strides: try sides("strides"), dilations: try sides("dilations"), padding: padding)
  }
}
