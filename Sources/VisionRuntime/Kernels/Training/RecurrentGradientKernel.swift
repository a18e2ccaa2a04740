import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The gradients of an LSTM with its usual functions: backpropagation through time.
struct RecurrentGradientKernel: Kernel {
  private let layers: [vn_recurrent]
  /// Where the gradients with respect to the outputs, and the operator's inputs, are among the pointers; nil for absent ones.
  private let gradients: [Int?]
  private let inputs: [Int?]
  /// Where the gradient with respect to each of the operator's inputs is.
  private let results: [Int?]
  /// Floats of the states of one direction: from direction to direction of all states, and of the first and last ones.
  private let stateSteps: (all: Int, ends: Int)

  static func choose(_ op: LSTM, _ context: NodeContext) -> KernelChoice? {
    let (outputs, own) = (3, Array(context.inputs.dropFirst(3)))
    guard let x = own[0], x.type == .float32, x.shape.elementCount > 0, !op.forgetsByInput,
      own.count < 8 || own[7] == nil, op.form.hiddenSize > 0,
      op.form.activations.map(\.kind)
        == (0..<op.form.directionCount).flatMap({ _ in LSTM.defaultActivations }),
      // The kernels' extents have 32 bits.
      max(x.shape[0] * x.shape[1], x.shape[2], 4 * op.form.hiddenSize) <= Int(Int32.max)
    else { return nil }
    var operands: [(input: Int, layout: Layout)] = []
    let places: [Int?] = context.inputs.indices.map { index in
      guard !context.isAbsent(index) else { return nil }
      operands.append((index, .rowMajor))
      return operands.count - 1
    }
    var result = operands.count
    let results: [Int?] = own.indices.map { index in
      guard own[index] != nil, index != 4 else { return nil }
      defer { result += 1 }
      return result
    }
    let layers = (0..<op.form.directionCount).map { RecurrentKernel.layer(op.form, VN_LSTM, x.shape, $0) }
    let (batch, hidden) = (layers[0].batch, layers[0].hidden)
    let none = [Int?](repeating: nil, count: 8)
    let kernel = RecurrentGradientKernel(
      layers: layers, gradients: Array(places.prefix(outputs)), inputs: places.dropFirst(outputs) + none,
      results: results + none,
      stateSteps: op.form.isBatchFirst ? (hidden, hidden) : (batch * hidden, batch * hidden))
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: .rowMajor, name: "lstm backward")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var layer = layers[0]
    return vn_lstm_gradient_scratch_floats(kernels, &layer, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    let layer = layers[0]
    return KernelExplanation(
      algorithm: "through time",
      details: "\(layers.count) × \(layer.steps) steps of \(layer.batch) × \(layer.hidden)",
      reason: "the forward pass once more, then step by step from the end; sums over steps are products")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    let lengths = inputs[4].map { context.pointers[$0].assumingMemoryBound(to: Int32.self) }
    if let lengths { try RecurrentKernel.check(lengths, of: layers[0]) }
    guard let x = inputs[0], let gx = results[0] else { return }
    // Without optimization, a loop over `enumerated()` would allocate.
    for direction in layers.indices {
      var layer = layers[direction]
      let place = RecurrentKernel.weightPlaces(layer, direction)
      let (all, ends) = (direction * stateSteps.all, direction * stateSteps.ends)
      guard let w = floats(context, inputs[1], place.w), let r = floats(context, inputs[2], place.r),
        let gw = floats(context, results[1], place.w), let gr = floats(context, results[2], place.r)
      else { return }
      var data = vn_recurrent_gradient_data(
        x: UnsafePointer(context.floats(x)), w: w, r: r, bias: floats(context, inputs[3], place.b),
        lengths: lengths, first_h: floats(context, inputs[5], ends),
        first_c: floats(context, inputs[6], ends),
        gy: floats(context, gradients[0], all), g_last_h: floats(context, gradients[1], ends),
        g_last_c: floats(context, gradients[2], ends), adds_gx: direction > 0, gx: context.floats(gx), gw: gw,
        gr: gr, gbias: floats(context, results[3], place.b), g_first_h: floats(context, results[5], ends),
        g_first_c: floats(context, results[6], ends))
      vn_lstm_gradient(context.kernels, &layer, &data, context.scratch, context.pool)
    }
  }

  private func floats(_ context: borrowing KernelContext, _ place: Int?, _ offset: Int)
    -> UnsafeMutablePointer<Float>?
  {
    place.map { context.floats($0) + offset }
  }
}
