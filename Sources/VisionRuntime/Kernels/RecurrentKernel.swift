import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// RNN, GRU and LSTM of float32: the inputs of all steps as one product, then step by step.
struct RecurrentKernel: Kernel {
  /// Where each of the operator's inputs, then its outputs, is among the pointers; nil for those that are absent or packed.
  private struct Places {
    var inputs: [Int?]
    var firstOutput: Int
  }

  private let layers: [vn_recurrent]
  private let places: Places
  private let weights: PackedWeights?
  /// Floats of the packed weights of one direction.
  private let packedFloats: Int
  private let hasCell: Bool
  /// Floats of the states of one direction: from direction to direction of all states, and of the first and last ones.
  private let stateSteps: (all: Int, ends: Int)

  static func choose<Op: RecurrentOperator>(
    _ op: Op, _ cell: vn_cell, _ context: NodeContext, _ adjust: (inout vn_recurrent) -> Void = { _ in }
  ) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, x.shape.elementCount > 0,
      context.outputs[0].shape.elementCount > 0,
      // The kernels' extents have 32 bits.
      max(x.shape[0] * x.shape[1], x.shape[2], Op.gateCount * op.form.hiddenSize) <= Int(Int32.max)
    else { return nil }
    var layers: [vn_recurrent] = []
    for direction in 0..<op.form.directionCount {
      var layer = layer(op.form, cell, x.shape, direction)
      adjust(&layer)
      layers.append(layer)
    }
    let packed = pack(layers, context)
    var operands: [(input: Int, layout: Layout)] = []
    var inputs = [Int?](repeating: nil, count: 8)
    for index in context.inputs.indices where !context.isAbsent(index) {
      if packed != nil, index == 1 || index == 2 { continue }
      inputs[index] = operands.count
      operands.append((index, .rowMajor))
    }
    let (batch, hidden) = (layers[0].batch, layers[0].hidden)
    let isFirst = op.form.isBatchFirst
    let kernel = RecurrentKernel(
      layers: layers, places: Places(inputs: inputs, firstOutput: operands.count), weights: packed,
      packedFloats: vn_recurrent_packed_floats(context.kernels, &layers[0]), hasCell: Op.hasCell,
      stateSteps: isFirst ? (hidden, hidden) : (batch * hidden, batch * hidden))
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: .rowMajor, name: Op.name.lowercased())
  }

  /// The layer of one direction, with the extents of x.
  static func layer(
    _ form: RecurrentForm, _ cell: vn_cell, _ x: Shape, _ direction: Int
  ) -> vn_recurrent {
    var layer = vn_recurrent()
    let (steps, batch) = form.isBatchFirst ? (x[1], x[0]) : (x[0], x[1])
    let (hidden, directions) = (form.hiddenSize, form.directionCount)
    (layer.cell, layer.steps, layer.batch, layer.inputs, layer.hidden) = (cell, steps, batch, x[2], hidden)
    let functions = form.activations(ofDirection: direction).map(\.gateFunction)
    layer.functions = (functions[0], functions[functions.count > 1 ? 1 : 0], functions[functions.count - 1])
    layer.clip = form.clip ?? .infinity
    layer.is_reverse = form.isReverse(direction)
    let rows = form.isBatchFirst ? (1, steps) : (batch, 1)
    (layer.row_step, layer.row_sequence) = (Int64(rows.0), Int64(rows.1))
    layer.y_step = Int64(directions * hidden * (form.isBatchFirst ? 1 : batch))
    layer.y_sequence = Int64(form.isBatchFirst ? steps * directions * hidden : hidden)
    layer.state_sequence = Int64(form.isBatchFirst ? directions * hidden : hidden)
    return layer
  }

  /// The packed weights of all directions; nil where they may change from run to run.
  private static func pack(_ layers: [vn_recurrent], _ context: NodeContext) -> PackedWeights? {
    guard let w = context.frozen[1], let r = context.frozen[2], var first = layers.first else { return nil }
    let kernels = context.kernels
    let floats = vn_recurrent_packed_floats(kernels, &first)
    let key = "recurrent \(context.node.name) \(vn_kernels_isa(kernels).rawValue) \(w.shape) \(r.shape)"
    return context.frozen.store.packed(key, floats: floats * layers.count) { target, _, _ in
      w.withAlignedFloats { w in
        r.withAlignedFloats { r in
          for (index, var layer) in layers.enumerated() {
            let places = Self.weightPlaces(layer, index)
            vn_recurrent_pack(kernels, &layer, w + places.w, r + places.r, target + index * floats)
          }
        }
      }
    }
  }

  /// Where the weights of a direction begin.
  static func weightPlaces(_ layer: vn_recurrent, _ direction: Int) -> (w: Int, r: Int, b: Int) {
    let gates = layer.cell == VN_LSTM ? 4 : layer.cell == VN_GRU ? 3 : 1
    let rows = gates * layer.hidden
    return (direction * rows * layer.inputs, direction * rows * layer.hidden, direction * 2 * rows)
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var layer = layers[0]
    return layers.count * vn_recurrent_scratch_floats(kernels, &layer, weights == nil, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    let layer = layers[0]
    return KernelExplanation(
      algorithm: "recurrent",
      details: "\(layers.count) × \(layer.steps) steps of \(layer.batch) × \(layer.hidden)",
      reason: "the input's part of all steps is one matrix product",
      heldBytes: weights?.byteCount ?? 0)
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    let lengths = places.inputs[4].map {
      UnsafePointer(context.pointers[$0].assumingMemoryBound(to: Int32.self))
    }
    if let lengths { try Self.check(lengths, of: layers[0]) }
    guard layers.count == 2 else {
      var (layer, data) = (layers[0], memory(context, 0, lengths))
      vn_recurrent_run(context.kernels, &layer, &data, context.scratch, context.pool)
      return
    }
    // Pairs, since arrays would be allocated.
    var directions = (layers[0], layers[1])
    var memories = (memory(context, 0, lengths), memory(context, 1, lengths))
    withUnsafePointer(to: &directions) { directions in
      withUnsafePointer(to: &memories) { memories in
        directions.withMemoryRebound(to: vn_recurrent.self, capacity: 2) { layers in
          memories.withMemoryRebound(to: vn_recurrent_data.self, capacity: 2) { data in
            vn_recurrent_run_both(context.kernels, layers, data, context.scratch, context.pool)
          }
        }
      }
    }
  }

  /// The memory of one direction.
  private func memory(
    _ context: borrowing KernelContext, _ direction: Int, _ lengths: UnsafePointer<Int32>?
  ) -> vn_recurrent_data {
    let layer = layers[direction]
    let place = Self.weightPlaces(layer, direction)
    let (all, ends) = (direction * stateSteps.all, direction * stateSteps.ends)
    return vn_recurrent_data(
      x: UnsafePointer(context.floats(0)),
      packed: weights.map { $0.floats + direction * packedFloats },
      w: floats(context, 1, place.w), r: floats(context, 2, place.r), bias: floats(context, 3, place.b),
      lengths: lengths, first_h: floats(context, 5, ends), first_c: floats(context, 6, ends),
      peepholes: floats(context, 7, direction * 3 * layer.hidden),
      y: context.floats(places.firstOutput) + all, last_h: context.floats(places.firstOutput + 1) + ends,
      last_c: hasCell ? context.floats(places.firstOutput + 2) + ends : nil)
  }

  private func floats(_ context: borrowing KernelContext, _ input: Int, _ offset: Int) -> UnsafePointer<
    Float
  >? {
    guard let position = places.inputs[input] else { return nil }
    return UnsafePointer(context.floats(position) + offset)
  }

  static func check(_ lengths: UnsafePointer<Int32>, of layer: vn_recurrent) throws(EvaluationError) {
    let steps = layer.steps
    for sequence in 0..<layer.batch where lengths[sequence] < 0 || Int(lengths[sequence]) > steps {
      throw EvaluationError(
        "the length \(lengths[sequence]) of a sequence is not one of 0...\(steps)")
    }
  }
}

extension RecurrentActivation {
  /// The function for the C kernels.
  fileprivate var gateFunction: vn_gate_function {
    let plain = vn_gate_function(op: function, a: alpha, b: beta, inner: 1, outer: 1)
    guard kind == .scaledTanh else { return plain }
    return vn_gate_function(op: VN_TANH, a: 0, b: 0, inner: beta, outer: alpha)
  }

  private var function: vn_unary_op {
    switch kind {
    case .relu: VN_RELU
    case .tanh, .scaledTanh: VN_TANH
    case .sigmoid: VN_SIGMOID
    case .affine: VN_AFFINE
    case .leakyRelu: VN_LEAKY_RELU
    case .thresholdedRelu: VN_THRESHOLDED_RELU
    case .hardSigmoid: VN_HARD_SIGMOID
    case .elu: VN_ELU
    case .softsign: VN_SOFTSIGN
    case .softplus: VN_SOFTPLUS
    }
  }
}

extension RNN: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    RecurrentKernel.choose(self, VN_RNN, context)
  }
}

extension GRU: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    RecurrentKernel.choose(self, VN_GRU, context) { $0.resets_last = appliesResetLast }
  }
}

extension LSTM: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    RecurrentKernel.choose(self, VN_LSTM, context) { $0.forgets_by_input = forgetsByInput }
  }
}
