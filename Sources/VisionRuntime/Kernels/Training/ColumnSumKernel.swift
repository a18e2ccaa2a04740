import CVisionKernels
import VisionGraph
import VisionTensor

/// Sums over all axes except the channels, channels last or N×C: the gradients of biases.
struct ColumnSumKernel: Kernel {
  private let rows: Int
  private let channels: Int

  /// The kernel for a sum over all axes except the second, or nil.
  static func choose(_ op: ReduceSum, _ context: NodeContext) -> KernelChoice? {
    choice(context) { x in (try? op.reducedAxes(context.inputs)) == [0] + (2..<x.rank) }
  }

  /// The kernel for a sum to one number per column, or nil.
  static func choose(_ op: SumToShape, _ context: NodeContext) -> KernelChoice? {
    choice(context) { x in
      x.rank == 2 && context.outputs[0].shape.elementCount == x[1]
        && context.outputs[0].shape.dimensions.last == x[1]
    }
  }

  private static func choice(_ context: NodeContext, where fits: (_ x: Shape) -> Bool) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, context.outputs.count == 1,
      let layout = BatchNormKernel.layout(x.shape), fits(x.shape)
    else { return nil }
    let kernel = ColumnSumKernel(rows: x.shape.elementCount / x.shape[1], channels: x.shape[1])
    return KernelChoice(kernel: kernel, operands: [(0, layout)], outputLayout: .rowMajor, name: "column sums")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    vn_column_sums_scratch_floats(rows, channels)
  }

  func run(_ context: borrowing KernelContext) {
    vn_column_sums(
      context.kernels, rows, channels, context.floats(0), context.floats(1), context.scratch, context.pool)
  }
}
