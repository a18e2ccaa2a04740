import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// The best elements of lines along one axis and their positions.
struct TopKernel: Kernel {
  private let top: vn_top

  static func choose(_ op: TopK, _ context: NodeContext) -> KernelChoice? {
    let axis = op.axis
    guard let top = top(context, axis: axis, largest: op.largest) else { return nil }
    return KernelChoice(
      kernel: TopKernel(top: top), operands: [(0, .rowMajor)], outputLayout: .rowMajor, name: "top k")
  }

  /// The lines of input 0 along an axis.
  fileprivate static func top(_ context: NodeContext, axis: Int, largest: Bool) -> vn_top? {
    guard let x = context.inputs[0], let type = x.type.number, x.type != .bool, x.shape.rank > 0 else {
      return nil
    }
    let axis = axis < 0 ? axis + x.shape.rank : axis
    let view = AxisView(x.shape, from: axis, through: axis)
    let lines = view.outer * view.inner
    let k = lines == 0 ? 0 : context.outputs[0].shape.elementCount / lines
    return vn_top(
      type: type, outer: view.outer, count: view.count, inner: view.inner, k: k, largest: largest)
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var top = top
    return vn_top_scratch_floats(&top, Int32(threads))
  }

  func run(_ context: borrowing KernelContext) {
    var top = top
    vn_top_k(
      &top, context.pointers[0], context.pointers[1],
      context.pointers[2].assumingMemoryBound(to: Int64.self), context.scratch, context.pool)
  }
}

/// The position of the best element of lines along one axis.
struct ArgKernel: Kernel {
  private let top: vn_top
  private let selectsLast: Bool

  static func choose(_ op: some Selection, _ context: NodeContext, largest: Bool) -> KernelChoice? {
    guard let top = TopKernel.top(context, axis: op.axis, largest: largest) else { return nil }
    return KernelChoice(
      kernel: ArgKernel(top: top, selectsLast: op.selectsLast), operands: [(0, .rowMajor)],
      outputLayout: .rowMajor, name: "best position")
  }

  func run(_ context: borrowing KernelContext) {
    var top = top
    vn_arg_best(
      &top, selectsLast, context.pointers[0], context.pointers[1].assumingMemoryBound(to: Int64.self),
      context.pool)
  }
}

extension TopK: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { TopKernel.choose(self, context) }
}

extension ArgMax: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    ArgKernel.choose(self, context, largest: true)
  }
}

extension ArgMin: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    ArgKernel.choose(self, context, largest: false)
  }
}
