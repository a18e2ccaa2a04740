import CVisionKernels
import VisionGraph
import VisionTensor

/// A function of each element; works in either layout and in place.
struct UnaryKernel: Kernel {
  private let function: vn_unary_op
  private let a: Float
  private let b: Float
  private let count: Int

  /// The kernel for an operator that is a function of each element.
  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let function = context.node.operation.elementFunction(context.inputs), let x = context.inputs[0],
      x.type == .float32
    else { return nil }
    let (op, a, b) = function.kernel
    let kernel = UnaryKernel(function: op, a: a, b: b, count: x.shape.elementCount)
    return KernelChoice(
      kernel: kernel, operands: [(0, context.layouts[0])], outputLayout: context.layouts[0],
      worksInPlace: true,
      name: "elementwise")
  }

  /// The kernel function of a fused activation.
  static func function(of activation: ElementFunction?) -> (vn_unary_op, Float, Float) {
    activation?.kernel ?? (VN_IDENTITY, 0, 0)
  }

  func run(_ context: borrowing KernelContext) {
    vn_unary(context.kernels, function, a, b, count, context.floats(0), context.floats(1), context.pool)
  }
}

extension ElementFunction {
  /// The function and its parameters for the C kernels.
  var kernel: (op: vn_unary_op, a: Float, b: Float) { (vn_unary_op(code.rawValue), a, b) }
}
