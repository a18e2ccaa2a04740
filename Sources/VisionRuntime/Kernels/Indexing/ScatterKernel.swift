import CVisionKernels
import VisionGraph
import VisionTensor

/// Updates written into a copy of x. Never in place: the updates may be the same memory.
struct ScatterKernel: Kernel {
  private let subject: GatherKernel.Subject
  private let indices: IndexOperand
  private let reduction: vn_scatter
  private let type: vn_number
  private let copy: CopyKernel

  static func choose(_ op: ScatterElements, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let indices = context.inputs[1] else { return nil }
    return GatherKernel.along(op.axis, of: x, indices).flatMap {
      choice(.elements($0.along), $0.indices, op.reduction, x)
    }
  }

  static func choose(_ op: ScatterND, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let indices = context.inputs[1] else { return nil }
    if op.reduction == .none, let copy = CopyKernel.assignment(context, x) { return copy }
    return GatherKernel.slices(of: x, indices, batchAxes: 0).flatMap {
      choice(.slices($0.slices), $0.indices, op.reduction, x)
    }
  }

  private static func choice(
    _ subject: GatherKernel.Subject, _ indices: IndexOperand, _ reduction: ScatterReduction, _ x: Fact
  ) -> KernelChoice? {
    // Types are told apart only where numbers are combined.
    guard reduction == .none || [.float32, .int32, .int64].contains(x.type) else { return nil }
    let count = x.shape.elementCount
    let part = CopyKernel.Part(
      source: 0, target: 3, dimensions: [count], sourceStrides: [1], targetStrides: [1])
    let kernel = ScatterKernel(
      subject: subject, indices: indices, reduction: reduction.kernel, type: x.type.number ?? VN_FLOAT32,
      copy: CopyKernel([part], type: x.type))
    return KernelChoice(
      kernel: kernel, operands: (0..<3).map { ($0, .rowMajor) }, outputLayout: .rowMajor,
      name: "scatter")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    let indices = try indices.checked(context)
    let (updates, y) = (context.pointers[2], context.pointers[3])
    copy.run(context)
    switch subject {
    case .slices(var slices): vn_scatter_slices(&slices, reduction, type, indices, updates, y)
    case .elements(var along): vn_scatter_elements(&along, reduction, type, indices, updates, y)
    }
  }
}

extension ScatterReduction {
  fileprivate var kernel: vn_scatter {
    switch self {
    case .none: VN_SCATTER_NONE
    case .add: VN_SCATTER_ADD
    case .mul: VN_SCATTER_MUL
    case .min: VN_SCATTER_MIN
    case .max: VN_SCATTER_MAX
    }
  }
}

extension ScatterElements: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ScatterKernel.choose(self, context) }
}

extension ScatterND: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ScatterKernel.choose(self, context) }
}
