import CVisionKernels
import VisionGraph
import VisionTensor

/// The elements in another type; works in either layout.
struct CastKernel: Kernel {
  private let from: vn_number
  private let to: vn_number
  private let count: Int

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let from = x.type.number, let to = context.outputs[0].type.number else {
      return nil
    }
    let layout = context.layouts[0]
    return KernelChoice(
      kernel: CastKernel(from: from, to: to, count: x.shape.elementCount), operands: [(0, layout)],
      outputLayout: layout, name: "cast")
  }

  func run(_ context: borrowing KernelContext) {
    vn_cast(from, to, count, context.pointers[0], context.pointers[1], context.pool)
  }
}

extension Cast: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { CastKernel.choose(context) }
}

extension CastLike: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { CastKernel.choose(context) }
}
