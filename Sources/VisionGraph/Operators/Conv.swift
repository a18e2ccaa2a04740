public import VisionTensor

/// y[n,o,p] = b[o] + Σ_{c,t} x[n, g·C/G + c, p·stride + t·dilation − padding] · w[o,c,t]: convolution over any number of
/// spatial axes. ONNX Conv, opset 11.
///
/// Inputs: x N×C×spatial, w O×C/G×kernel, optional b O, all of one floating-point type.
public struct Conv: Operator {
  public static let name = "Conv"
  public var window: Window
  public var groups: Int

  public init(window: Window, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let w = try ShapeRule.required(inputs, 1, types: [x.type])
    let b = try ShapeRule.optional(inputs, 2, types: [x.type])
    guard x.shape.rank >= 3, w.shape.rank == x.shape.rank else {
      throw ShapeError("input \(x.shape) and weights \(w.shape) must have the same rank, at least 3")
    }
    guard groups > 0, x.shape[1] % groups == 0, w.shape[0] % groups == 0, w.shape[1] == x.shape[1] / groups
    else {
      throw ShapeError("weights \(w.shape) do not fit input \(x.shape) in \(groups) groups")
    }
    guard Array(w.shape.dimensions.dropFirst(2)) == window.kernel else {
      throw ShapeError("weights \(w.shape) do not have the kernel \(Shape(window.kernel))")
    }
    if let b, b.shape != [w.shape[0]] { throw ShapeError("bias \(b.shape) is not \(w.shape[0])") }
    let resolved = try window.resolved(Array(x.shape.dimensions.dropFirst(2)))
    return [Fact(x.type, Shape([x.shape[0], w.shape[0]] + resolved.output))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let w = try Reference.required(inputs, 1)
    let bias = Reference.optional(inputs, 2)?.doubles
    let resolved: Window.Resolved
    do {
      resolved = try window.resolved(Array(x.shape.dimensions.dropFirst(2)))
    } catch { throw EvaluationError(error.message) }
    let shape = Shape([x.shape[0], w.shape[0]] + resolved.output)
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let taps = Self.taps(of: window, resolved, input: spatial)
    let (channels, outputs) = (x.shape[1], w.shape[0])
    let (plane, positions) = (spatial.reduce(1, *), resolved.output.reduce(1, *))
    let (group, kernel) = (channels / groups, window.kernel.reduce(1, *))
    let source = x.doubles
    let weights = w.doubles
    let result = [Double](unsafeUninitializedCapacity: shape.elementCount) { buffer, count in
      source.withUnsafeBufferPointer { source in
        weights.withUnsafeBufferPointer { weights in
          for n in 0..<shape[0] {
            for o in 0..<outputs {
              let first = o / (outputs / groups) * group
              for p in 0..<positions {
                var sum = bias?[o] ?? 0
                for c in 0..<group {
                  let channel = (n * channels + first + c) * plane
                  let row = (o * group + c) * kernel
                  for tap in taps[p] { sum += source[channel + tap.position] * weights[row + tap.tap] }
                }
                buffer[(n * outputs + o) * positions + p] = sum
              }
            }
          }
        }
      }
      count = shape.elementCount
    }
    return [Tensor(doubles: result, shape: shape, elementType: x.elementType)]
  }

  /// For every output position, the taps that fall inside the input and the input positions they read.
  package static func taps(of window: Window, _ resolved: Window.Resolved, input: [Int]) -> [[(
    tap: Int, position: Int
  )]] {
    let kernel = Shape(window.kernel)
    let strides = Shape(input).strides
    var result: [[(tap: Int, position: Int)]] = []
    Reference.forEachCoordinate(Shape(resolved.output)) { output in
      var taps: [(tap: Int, position: Int)] = []
      var index = 0
      Reference.forEachCoordinate(kernel) { tap in
        var position = 0
        var inside = true
        for axis in tap.indices {
          let at =
            output[axis] * window.strides[axis] + tap[axis] * window.dilations[axis] - resolved.before[axis]
          if at < 0 || at >= input[axis] { inside = false }
          position += at * strides[axis]
        }
        if inside { taps.append((index, position)) }
        index += 1
      }
      result.append(taps)
    }
    return result
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, input) throws(GraphError) in
      switch index {
      case 0:
        try node.add(
          ConvInputGradient(window: window, groups: groups), node.gradient, node.input(1),
          node.shape(of: input))
      case 1:
        try node.add(ConvWeightGradient(window: window, groups: groups), node.input(0), node.gradient)
      default:
        try node.sum(node.gradient, over: Conv.allButChannels(node.gradient))
      }
    }
  }

  /// The axes along which the bias is repeated.
  static func allButChannels(_ y: Value) -> [Int] { [0] + (2..<y.shape.rank) }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole {
    guard Fact.isWeight(inputs, 1, ranks: 3...5, isFixed) else { return .float }
    let hasBias = inputs.count > 2 && inputs[2] != nil
    return !hasBias || Fact.isWeight(inputs, 2, ranks: 1...1, isFixed) ? .weighted(outputAxis: 0) : .float
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
    let (x, w) = (try node.input(0), try node.input(1))
    let window = try Window(node, kernel: Array(w.shape.dimensions.dropFirst(2)))
    let conv = Conv(window: window, groups: try node.int("group") ?? 1)
    return [try graph.add(conv, x, w, node.optionalInput(2), name: node.name)]
  }

  public var attributes: Attributes {
    var attributes = window.attributes
    attributes["group"] = .int(groups)
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard inputs.count > 1, let w = inputs[1] else { return 0 }
    return GraphLimits.product([2] + outputs[0].shape.dimensions + w.shape.dimensions.dropFirst())
  }
}
