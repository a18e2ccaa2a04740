import VisionSystem
public import VisionTensor

/// A convolution each of whose taps is moved by an offset, and may be weighted by a mask; what lies between elements is
/// interpolated, and zeros stand outside. ONNX DeformConv, opset 19.
///
/// Inputs: x N×C×spatial; w O×C/G×kernel; offsets N×(offset groups · taps · axes)×output; optional bias O; optional mask
/// N×(offset groups · taps)×output; all of one floating-point type.
public struct DeformConv: Operator {
  public static let name = "DeformConv"
  public static let introduction = 19
  public var window: Window
  public var groups: Int
  /// The groups of channels of x that have offsets and a mask of their own.
  public var offsetGroups: Int

  public init(window: Window, groups: Int = 1, offsetGroups: Int = 1) {
    self.window = window
    self.groups = groups
    self.offsetGroups = offsetGroups
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let offsets = try ShapeRule.required(inputs, 2, types: [x.type])
    let bias = try ShapeRule.optional(inputs, 3)
    let mask = try ShapeRule.optional(inputs, 4, types: [x.type])
    let y = try Conv(window: window, groups: groups).outputs([x, ShapeRule.required(inputs, 1), bias])[0]
    guard offsetGroups > 0, x.shape[1] % offsetGroups == 0 else {
      throw ShapeError("\(x.shape[1]) channels cannot be divided into \(offsetGroups) offset groups")
    }
    let taps = try ShapeRule.shape(window.kernel, "the kernel").elementCount
    func shape(_ numbers: Int) throws(ShapeError) -> Shape {
      let channels = try ShapeRule.product(try ShapeRule.product(offsetGroups, taps), numbers)
      return Shape([x.shape[0], channels] + y.shape.dimensions.dropFirst(2))
    }
    guard try offsets.shape == shape(window.kernel.count) else {
      throw ShapeError("offsets \(offsets.shape) are not \(try shape(window.kernel.count))")
    }
    if let mask, try mask.shape != shape(1) { throw ShapeError("mask \(mask.shape) is not \(try shape(1))") }
    return [y]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let w = try Reference.required(inputs, 1)
    let fact = try resolved(inputs)[0]
    let bias = Reference.optional(inputs, 3)?.doubles
    let mask = Reference.optional(inputs, 4)?.doubles
    let (source, weights) = (x.doubles, w.doubles)
    let geometry = DeformGeometry(self, x: x.shape, w: w.shape, y: fact.shape)
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    if let bias {
      for index in result.indices { result[index] = bias[index / geometry.points % geometry.outputs] }
    }
    try geometry.forEachTap(Reference.required(inputs, 2)) { tap in
      let factor = mask?[tap.mask] ?? 1
      for channel in geometry.channels(of: tap) {
        let plane = (tap.image * geometry.inputs + channel) * geometry.plane
        let value = factor * tap.corners.reduce(0) { $0 + $1.weight * source[plane + $1.position] }
        for output in geometry.outputs(for: channel) {
          result[(tap.image * geometry.outputs + output) * geometry.points + tap.point] +=
            value * weights[geometry.weight(output, channel, tap.number)]
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let mask = node.inputs.count > 4 ? node.inputs[4] : nil
    let parts = try node.add(
      DeformConvGradient(self), [node.gradient, node.input(0), node.input(1), node.input(2), mask])
    return try node.wanted { (index, _) throws(GraphError) in
      switch index {
      case 3: try node.sum(node.gradient, over: Conv.allButChannels(node.gradient))
      case 4: parts[3]
      default: parts[index]
      }
    }
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { inputs.count > 4 ? [0, 2, 4] : [0, 2] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dilations", "group", "kernel_shape", "offset_group", "pads", "strides"])
    try node.allowInputs(atMost: 5)
    let window = try Window(node, kernel: Array(node.input(1).shape.dimensions.dropFirst(2)))
    let conv = DeformConv(
      window: window, groups: try node.int("group") ?? 1, offsetGroups: try node.int("offset_group") ?? 1)
    return try graph.add(conv, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var attributes = window.attributes
    attributes["group"] = .int(groups)
    attributes["offset_group"] = .int(offsetGroups)
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    Conv(window: window, groups: groups).flops(inputs, outputs)
  }
}
