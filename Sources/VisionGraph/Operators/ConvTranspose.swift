public import VisionTensor

/// y[n,o,q] = b[o] + Σ over c, p, t with p·stride + t·dilation − padding = q of x[n,c,p] · w[c,o,t]: the transpose of
/// convolution, for any number of spatial axes. ONNX ConvTranspose, opset 11.
///
/// Inputs: x N×C×spatial, w C×O/G×kernel, optional b O, all of one floating-point type.
public struct ConvTranspose: Operator {
  public static let name = "ConvTranspose"
  public var window: Window
  public var groups: Int
  /// Elements added after the end of each spatial axis.
  public var outputPadding: [Int]
  /// The spatial extents of the output; if given, they determine the padding.
  public var outputShape: [Int]?

  public init(window: Window, groups: Int = 1, outputPadding: [Int]? = nil, outputShape: [Int]? = nil) {
    self.window = window
    self.groups = groups
    self.outputPadding = outputPadding ?? window.kernel.map { _ in 0 }
    self.outputShape = outputShape
  }

  /// The output extents and the padding before each axis, for the spatial extents of the input.
  package func resolved(_ input: [Int]) throws(ShapeError) -> (output: [Int], before: [Int]) {
    let rank = window.kernel.count
    let limit = 1 << 30
    guard
      [window.strides, window.dilations, outputPadding, outputShape ?? input, input].allSatisfy({
        $0.count == rank
      })
    else { throw ShapeError("a window of \(rank) axes does not fit \(input.count) spatial axes") }
    guard
      [window.kernel, window.strides, window.dilations].allSatisfy({ $0.allSatisfy { $0 > 0 && $0 < limit } }
      ),
      (outputPadding + (outputShape ?? []) + input).allSatisfy({ $0 >= 0 && $0 < limit })
    else {
      throw ShapeError(
        "kernel \(window.kernel), strides \(window.strides) and dilations \(window.dilations) must be positive, "
          + "output padding \(outputPadding) and output shape \(outputShape ?? []) not negative")
    }
    var result = (output: [Int](), before: [Int]())
    for axis in 0..<rank {
      let full =
        window.strides[axis] * (input[axis] - 1) + outputPadding[axis]
        + (window.kernel[axis] - 1) * window.dilations[axis] + 1
      var wanted = outputShape?[axis]
      switch window.padding {
      case .explicit(let pads):
        guard pads.count == 2 * rank, pads.allSatisfy({ $0 >= 0 && $0 < limit }) else {
          throw ShapeError("padding \(pads) must be \(2 * rank) numbers from 0 on")
        }
        if wanted == nil {
          result.output.append(full - pads[axis] - pads[axis + rank])
          result.before.append(pads[axis])
        }
      case .sameUpper, .sameLower: wanted = wanted ?? input[axis] * window.strides[axis]
      }
      if let wanted {
        let total = max(full - wanted, 0)
        result.output.append(wanted)
        result.before.append(window.padding == .sameUpper ? total / 2 : total - total / 2)
      }
      guard result.output[axis] >= 0 else {
        throw ShapeError("padding \(window.padding) takes more than the \(full) elements of the output")
      }
    }
    return result
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let w = try ShapeRule.required(inputs, 1, types: [x.type])
    let b = try ShapeRule.optional(inputs, 2, types: [x.type])
    guard x.shape.rank >= 3, w.shape.rank == x.shape.rank else {
      throw ShapeError("input \(x.shape) and weights \(w.shape) must have the same rank, at least 3")
    }
    guard groups > 0, x.shape[1] % groups == 0, w.shape[0] == x.shape[1] else {
      throw ShapeError("weights \(w.shape) do not fit input \(x.shape) in \(groups) groups")
    }
    guard Array(w.shape.dimensions.dropFirst(2)) == window.kernel else {
      throw ShapeError("weights \(w.shape) do not have the kernel \(Shape(window.kernel))")
    }
    let (channels, overflow) = w.shape[1].multipliedReportingOverflow(by: groups)
    guard !overflow else { throw ShapeError("\(groups) groups of \(w.shape[1]) outputs are too many") }
    if let b, b.shape != [channels] { throw ShapeError("bias \(b.shape) is not \(channels)") }
    let resolved = try resolved(Array(x.shape.dimensions.dropFirst(2)))
    return [Fact(x.type, Shape([x.shape[0], channels] + resolved.output))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let w = try Reference.required(inputs, 1)
    let bias = Reference.optional(inputs, 2)?.doubles
    let shape = try resolved(inputs)[0].shape
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let before: [Int]
    do {
      before = try resolved(spatial).before
    } catch { throw EvaluationError(error.message) }
    let output = Array(shape.dimensions.dropFirst(2))
    // The taps of the convolution from the output back to the input.
    let taps = Conv.taps(
      of: window, Window.Resolved(output: spatial, before: before, after: before), input: output)
    let (channels, outputs, plane) = (shape[1], shape[1] / groups, output.reduce(1, *))
    let (inputChannels, positions) = (x.shape[1], spatial.reduce(1, *))
    let kernel = window.kernel.reduce(1, *)
    let source = x.doubles
    let weights = w.doubles
    var result = [Double](repeating: 0, count: shape.elementCount)
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<(shape[0] * channels) {
        for q in 0..<plane { result[row * plane + q] = bias?[row % channels] ?? 0 }
      }
      for n in 0..<shape[0] {
        for c in 0..<inputChannels {
          let first = c / (inputChannels / groups) * outputs
          for o in 0..<outputs {
            let target = (n * channels + first + o) * plane
            let row = (c * outputs + o) * kernel
            for p in 0..<positions {
              let value = source[(n * inputChannels + c) * positions + p]
              for tap in taps[p] { result[target + tap.position] += value * weights[row + tap.tap] }
            }
          }
        }
      }
    }
    return [Tensor(doubles: result, shape: shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let x = try node.input(0)
    guard let window = convolution(from: node.gradient.shape, to: x.shape) else {
      throw node.notDifferentiable()
    }
    return try node.wanted { (index, _) throws(GraphError) in
      switch index {
      case 0: try node.add(Conv(window: window, groups: groups), node.gradient, node.input(1))
      // The convolution whose transpose this operator is reads the output and gives the input.
      case 1: try node.add(ConvWeightGradient(window: window, groups: groups), node.gradient, x)
      default: try node.sum(node.gradient, over: Conv.allButChannels(node.gradient))
      }
    }
  }

  /// The window of the convolution from the output back to the input; nil where none has these extents.
  package func convolution(from output: Shape, to input: Shape) -> Window? {
    let spatial = Array(input.dimensions.dropFirst(2))
    guard let before = try? resolved(spatial).before else { return nil }
    let after = spatial.indices.map { axis in
      let reach =
        (spatial[axis] - 1) * window.strides[axis] + (window.kernel[axis] - 1) * window.dilations[axis] + 1
      return max(reach - before[axis] - output[axis + 2], 0)
    }
    var result = window
    result.padding = .explicit(before + after)
    return (try? result.resolved(Array(output.dimensions.dropFirst(2))))?.output == spatial ? result : nil
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads", "strides",
    ])
    let (x, w) = (try node.input(0), try node.input(1))
    let window = try Window(node, kernel: Array(w.shape.dimensions.dropFirst(2)))
    var outputShape = try node.ints("output_shape")
    // Some programs also write the batch and channels.
    if let given = outputShape, given.count == window.kernel.count + 2 {
      outputShape = Array(given.dropFirst(2))
    }
    let conv = ConvTranspose(
      window: window, groups: try node.int("group") ?? 1, outputPadding: try node.ints("output_padding"),
      outputShape: outputShape)
    return [try graph.add(conv, x, w, node.optionalInput(2), name: node.name)]
  }

  public var attributes: Attributes {
    var attributes = window.attributes
    attributes["group"] = .int(groups)
    attributes["output_padding"] = .ints(outputPadding)
    if let outputShape { attributes["output_shape"] = .ints(outputShape) }
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard inputs.count > 1, let x = inputs[0], let w = inputs[1] else { return 0 }
    return GraphLimits.product([2] + x.shape.dimensions + w.shape.dimensions.dropFirst())
  }
}
