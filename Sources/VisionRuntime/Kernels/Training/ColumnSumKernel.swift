import CVisionKernels
import VisionGraph
import VisionTensor

/// Sums over everything but the channels, channels last or N×C: the gradients of biases.
struct ColumnSumKernel: Kernel {
  private let rows: Int
  private let channels: Int

  /// The kernel for a sum over all axes but the second, or nil.
  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, context.outputs.count == 1,
      let layout = BatchNormKernel.layout(x.shape)
    else { return nil }
    if let reduction = context.node.operation as? any Reduction {
      guard type(of: context.node.operation).name == "ReduceSum",
        let axes = try? reduction.reducedAxes(context.inputs), axes == [0] + (2..<x.shape.rank)
      else { return nil }
    } else {
      // SumToShape: to one number a column.
      guard x.shape.rank == 2, context.outputs[0].shape.elementCount == x.shape[1],
        context.outputs[0].shape.dimensions.last == x.shape[1]
      else { return nil }
    }
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
