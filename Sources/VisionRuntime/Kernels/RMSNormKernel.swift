import CVisionKernels
import VisionSystem
import VisionTensor
package import VisionGraph

/// Division by the root mean square of the innermost axes.
struct RMSNormKernel: Kernel {
  private let rows: Int
  private let columns: Int
  private let epsilon: Float
  private let scale: Tensor

  static func choose(_ op: RMSNormalization, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, x.shape.elementCount > 0,
      let scale = context.frozen[1]
    else { return nil }
    let extents = Array(x.shape.dimensions[(op.axis < 0 ? op.axis + x.shape.rank : op.axis)...])
    let columns = extents.reduce(1, *)
    // A scale with as many elements but other extents is broadcast differently.
    guard scale.elementCount == columns, Array(scale.shape.dimensions.suffix(extents.count)) == extents else {
      return nil
    }
    let kernel = RMSNormKernel(
      rows: x.shape.elementCount / columns, columns: columns, epsilon: op.epsilon, scale: scale.aligned)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor)], outputLayout: .rowMajor, worksInPlace: true,
      name: "rms norm")
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(heldBytes: scale.elementCount * 4)
  }

  func run(_ context: borrowing KernelContext) {
    vn_rms_norm(
      context.kernels, rows, columns, epsilon, context.floats(0), scale.baseFloats, context.floats(1),
      context.pool)
  }
}

extension RMSNormalization: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { RMSNormKernel.choose(self, context) }
}
