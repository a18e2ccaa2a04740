import VisionGraph
import VisionTensor

/// The operators that only move elements.
extension CopyKernel {
  /// A permutation of axes. One that only converts between channels last and row-major shapes is free.
  static func transpose(_ op: Transpose, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0] else { return nil }
    let rank = x.shape.rank
    let permutation = op.permutation ?? Array((0..<rank).reversed())
    if rank == 4, permutation == [0, 2, 3, 1], context.layouts[0] == .channelsLast {
      return .view(layout: .channelsLast, as: .rowMajor, name: "view")
    }
    if rank == 4, permutation == [0, 3, 1, 2], context.layouts[0] == .rowMajor {
      return .view(layout: .rowMajor, as: .channelsLast, name: "view")
    }
    guard rank <= 8 else { return nil }
    let strides = Strides.of(x.shape, context.layouts[0])
    let y = context.outputs[0].shape
    let part = Part(
      source: 0, target: 1, dimensions: y.dimensions, sourceStrides: permutation.map { strides[$0] },
      targetStrides: y.strides)
    return choice(context, [part], layout: context.layouts[0], output: .rowMajor)
  }

  /// Concatenation along an axis; channels last if any operand is.
  static func concat(_ op: Concat, _ context: NodeContext) -> KernelChoice? {
    let y = context.outputs[0].shape
    guard y.rank <= 8, y.rank > 0 else { return nil }
    let axis = op.axis < 0 ? op.axis + y.rank : op.axis
    let output: Layout = y.rank == 4 && context.layouts.contains(.channelsLast) ? .channelsLast : .rowMajor
    let order = Strides.order(y.rank, output)
    let target = Strides.of(y, output)
    var parts: [Part] = []
    var position = 0
    for (index, input) in context.inputs.enumerated() {
      guard let shape = input?.shape else { return nil }
      let source = Strides.of(shape, output)
      parts.append(
        Part(
          source: index, target: context.inputs.count, dimensions: order.map { shape[$0] },
          sourceStrides: order.map { source[$0] }, targetOffset: position * target[axis],
          targetStrides: order.map { target[$0] }))
      position += shape[axis]
    }
    let kernel = CopyKernel(parts, type: context.outputs[0].type)
    return KernelChoice(
      kernel: kernel, operands: context.inputs.indices.map { ($0, output) }, outputLayout: output,
      name: "copy")
  }

  /// Splitting along an axis.
  static func split(_ op: Split, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, x.rank <= 8, x.rank > 0 else { return nil }
    let axis = op.axis < 0 ? op.axis + x.rank : op.axis
    let layout = context.layouts[0]
    let order = Strides.order(x.rank, layout)
    let source = Strides.of(x, layout)
    var parts: [Part] = []
    var position = 0
    for (index, output) in context.outputs.enumerated() {
      let target = Strides.of(output.shape, layout)
      parts.append(
        Part(
          source: 0, target: 1 + index, dimensions: order.map { output.shape[$0] },
          sourceOffset: position * source[axis], sourceStrides: order.map { source[$0] },
          targetStrides: order.map { target[$0] }))
      position += output.shape[axis]
    }
    let kernel = CopyKernel(parts, type: context.outputs[0].type)
    return KernelChoice(kernel: kernel, operands: [(0, layout)], outputLayout: layout, name: "copy")
  }

  /// Slicing: a range with steps along some axes.
  static func slice(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, x.rank <= 8, let starts = context.constantInts(1) else {
      return nil
    }
    let axes = (context.constantInts(3) ?? Array(starts.indices)).map { $0 < 0 ? $0 + x.rank : $0 }
    let steps = context.constantInts(4) ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count else { return nil }
    let y = context.outputs[0].shape
    let strides = Strides.of(x, context.layouts[0])
    var offset = 0
    var source = strides
    for (index, axis) in axes.enumerated() where y[axis] > 0 {
      let start = starts[index] < 0 ? starts[index] + x[axis] : starts[index]
      offset += min(max(start, 0), x[axis] - 1) * strides[axis]
      // A single element needs no step, and the given step may be any number.
      source[axis] = y[axis] > 1 ? strides[axis] * steps[index] : 0
    }
    let order = Strides.order(y.rank, context.layouts[0])
    let target = Strides.of(y, context.layouts[0])
    let part = Part(
      source: 0, target: 1, dimensions: order.map { y[$0] }, sourceOffset: offset,
      sourceStrides: order.map { source[$0] }, targetStrides: order.map { target[$0] })
    return choice(context, [part], layout: context.layouts[0], output: context.layouts[0])
  }

  /// Padding with a constant.
  static func pad(_ op: Pad, _ context: NodeContext) -> KernelChoice? {
    guard op.mode == .constant, let x = context.inputs[0]?.shape, x.rank <= 8,
      var pads = context.constantInts(1)
    else {
      return nil
    }
    if let axes = context.constantInts(3) {
      var all = [Int](repeating: 0, count: 2 * x.rank)
      for (index, axis) in axes.enumerated() {
        let axis = axis < 0 ? axis + x.rank : axis
        all[axis] = pads[index]
        all[axis + x.rank] = pads[index + axes.count]
      }
      pads = all
    }
    guard pads.count == 2 * x.rank, pads.allSatisfy({ $0 >= 0 }) else { return nil }
    guard let pattern = fill(context, input: 2) else { return nil }
    let y = context.outputs[0].shape
    let layout = context.layouts[0]
    let (source, target) = (Strides.of(x, layout), Strides.of(y, layout))
    let order = Strides.order(y.rank, layout)
    let part = Part(
      source: 0, target: 1, dimensions: order.map { x[$0] }, sourceStrides: order.map { source[$0] },
      targetOffset: (0..<x.rank).reduce(0) { $0 + pads[$1] * target[$1] },
      targetStrides: order.map { target[$0] })
    let kernel = CopyKernel([part], type: context.outputs[0].type, fill: (y.elementCount, pattern))
    return KernelChoice(kernel: kernel, operands: [(0, layout)], outputLayout: layout, name: "copy")
  }

  /// The bits of the only element of a constant input, 0 where it is absent; nil where it is not constant.
  static func fill(_ context: NodeContext, input: Int) -> UInt64? {
    var pattern: UInt64 = 0
    if context.isAbsent(input) { return pattern }
    guard let value = context.frozen[input] ?? context.inputs[input]?.value, value.elementCount == 1 else {
      return nil
    }
    value.withUnsafeBytes { bytes in
      withUnsafeMutableBytes(of: &pattern) { $0.copyBytes(from: bytes) }
    }
    return pattern
  }

  /// Repetition along axes of extent 1.
  static func expand(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], context.outputs[0].shape.rank <= 8 else { return nil }
    let y = context.outputs[0].shape
    let part = Part(
      source: 0, target: 1, dimensions: y.dimensions,
      sourceStrides: Strides.broadcast(x.shape, context.layouts[0], to: y), targetStrides: y.strides)
    return choice(context, [part], layout: context.layouts[0], output: .rowMajor)
  }

  /// Gathering at a few constant indices.
  static func gather(_ op: Gather, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, let indices = context.constantInts(1), indices.count <= 64,
      x.rank > 0
    else { return nil }
    let axis = op.axis < 0 ? op.axis + x.rank : op.axis
    let view = AxisView(x, from: axis, through: axis)
    guard indices.allSatisfy({ $0 >= -view.count && $0 < view.count }) else { return nil }
    // Whole images are the same elements in either layout.
    let layout: Layout = axis == 0 && context.outputs[0].shape.rank == x.rank ? context.layouts[0] : .rowMajor
    let parts = indices.enumerated().map { position, index in
      Part(
        source: 0, target: 1, dimensions: [view.outer, view.inner],
        sourceOffset: (index < 0 ? index + view.count : index) * view.inner,
        sourceStrides: [view.count * view.inner, 1], targetOffset: position * view.inner,
        targetStrides: [indices.count * view.inner, 1])
    }
    return choice(context, parts, layout: layout, output: layout)
  }

  private static func choice(_ context: NodeContext, _ parts: [Part], layout: Layout, output: Layout)
    -> KernelChoice
  {
    KernelChoice(
      kernel: CopyKernel(parts, type: context.outputs[0].type), operands: [(0, layout)], outputLayout: output,
      name: "copy")
  }
}
