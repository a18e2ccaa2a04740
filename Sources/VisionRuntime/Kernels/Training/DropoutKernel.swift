import CVisionKernels
import VisionGraph
import VisionTensor

/// Dropout with the random numbers that `DropoutTraining` defines.
struct DropoutKernel: Kernel {
  private let dropout: vn_dropout

  static func choose(_ op: DropoutTraining, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0],
      let keys = context.inputs[2], x.type == .float32, keys.shape[0] > 0,
      let ratio = context.frozen[1]?.doubles.first, ratio >= 0, ratio <= 1
    else { return nil }
    let samples = keys.shape[0]
    let kernel = DropoutKernel(
      dropout: vn_dropout(
        samples: samples, length: x.shape.elementCount / samples, site: op.site, ratio: ratio))
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (2, .rowMajor)], outputLayout: .rowMajor, worksInPlace: true,
      name: "dropout")
  }

  func run(_ context: borrowing KernelContext) {
    var dropout = dropout
    vn_dropout_run(
      &dropout, context.pointers[1].assumingMemoryBound(to: Int64.self), context.floats(0), context.floats(2),
      context.pool)
  }
}

extension DropoutTraining: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { DropoutKernel.choose(self, context) }
}
