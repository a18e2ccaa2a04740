import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The gradients of slicing and gathering: zeros, into which what was taken is put back or added.
struct MovementGradientKernel: Kernel {
  private let slices: vn_slices
  private let indices: IndexOperand
  private let elements: Int

  /// The gradient of a slice: one strided copy into zeros.
  static func slice(_ context: NodeContext) -> KernelChoice? {
    let x = context.outputs[0].shape
    guard let g = context.inputs[0], let starts = context.constantInts(2), x.rank <= 8 else { return nil }
    let axes = (context.constantInts(4) ?? Array(starts.indices)).map { $0 < 0 ? $0 + x.rank : $0 }
    let steps = context.constantInts(5) ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count, context.hasInts([2, 4, 5]) else {
      return nil
    }
    let layout = context.layouts[0]
    let strides = Strides.of(x, layout)
    var (offset, target) = (0, strides)
    for (index, axis) in axes.enumerated() where g.shape[axis] > 0 {
      let start = starts[index] < 0 ? starts[index] + x[axis] : starts[index]
      offset += min(max(start, 0), x[axis] - 1) * strides[axis]
      // A single element needs no step, and the given step may be any number.
      target[axis] = g.shape[axis] > 1 ? strides[axis] * steps[index] : 0
    }
    return copy(context, from: g.shape, offset: offset, strides: target, layout)
  }

  /// The gradient of gathering slices along an axis.
  static func gather(_ op: Gather, _ context: NodeContext) -> KernelChoice? {
    let x = context.outputs[0].shape
    guard let g = context.inputs[0], g.type == .float32, g.shape.elementCount > 0, x.rank > 0,
      let indices = context.inputs[2]
    else { return nil }
    let axis = op.axis < 0 ? op.axis + x.rank : op.axis
    let view = AxisView(x, from: axis, through: axis)
    if let numbers = context.constantInts(2), numbers.count == 1, let index = numbers.first,
      index >= -view.count, index < view.count
    {
      let part = CopyKernel.Part(
        source: 0, target: 1, dimensions: [view.outer, view.inner], sourceStrides: [view.inner, 1],
        targetOffset: (index < 0 ? index + view.count : index) * view.inner,
        targetStrides: [view.count * view.inner, 1])
      return choice(context, part, x.elementCount, .rowMajor)
    }
    let count = indices.shape.elementCount
    let slices = vn_slices(
      axes: 1, extents: Eight.numbers([view.count]), strides: Eight.numbers([view.inner]),
      count: view.outer * count, rows: count, shares: true, batch: Int64(view.count * view.inner),
      elements: view.inner, bytes: 4)
    let kernel = MovementGradientKernel(
      slices: slices, indices: IndexOperand(indices, at: 1, extents: [view.count]), elements: x.elementCount)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (2, .rowMajor)], outputLayout: .rowMajor, name: "scatter")
  }

  private static func copy(
    _ context: NodeContext, from g: Shape, offset: Int, strides: [Int], _ layout: Layout
  ) -> KernelChoice? {
    let order = Strides.order(g.rank, layout)
    let source = Strides.of(g, layout)
    let part = CopyKernel.Part(
      source: 0, target: 1, dimensions: order.map { g[$0] }, sourceStrides: order.map { source[$0] },
      targetOffset: offset, targetStrides: order.map { strides[$0] })
    return choice(context, part, context.outputs[0].shape.elementCount, layout)
  }

  private static func choice(_ context: NodeContext, _ part: CopyKernel.Part, _ count: Int, _ layout: Layout)
    -> KernelChoice
  {
    KernelChoice(
      kernel: CopyKernel([part], type: context.outputs[0].type, fill: (count, 0)), operands: [(0, layout)],
      outputLayout: layout, name: "copy")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    let places = try indices.checked(context)
    var slices = slices
    let y = context.floats(2)
    y.update(repeating: 0, count: elements)
    vn_scatter_slices(&slices, VN_SCATTER_ADD, VN_FLOAT32, places, context.pointers[0], y)
  }
}

extension NodeContext {
  /// Whether the inputs at these positions are absent or constant.
  fileprivate func hasInts(_ positions: [Int]) -> Bool {
    positions.allSatisfy { isAbsent($0) || constantInts($0) != nil }
  }
}
