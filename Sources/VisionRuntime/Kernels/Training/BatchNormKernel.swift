import CVisionKernels
import VisionGraph
import VisionTensor

/// Batch normalization with variable scale and bias, and with statistics that are the batch's or given;
/// channels last or N×C.
struct BatchNormKernel: Kernel {
  private let norm: vn_batch_norm
  private let hasResidual: Bool
  private let leaves: NormalizationSharing

  static func choose(_ op: BatchNormalizationTraining, _ context: NodeContext) -> KernelChoice? {
    choice(context, op.epsilon, ofBatch: true, op.clamp, hasResidual: op.hasResidual)
  }

  static func choose(_ op: BatchNormalizationFixed, _ context: NodeContext) -> KernelChoice? {
    choice(context, op.epsilon, ofBatch: false, op.clamp, hasResidual: op.hasResidual)
  }

  static func choose(_ op: BatchNormalization, _ context: NodeContext) -> KernelChoice? {
    choice(context, op.epsilon, ofBatch: false, nil, hasResidual: false)
  }

  private static func choice(
    _ context: NodeContext, _ epsilon: Float, ofBatch: Bool, _ clamp: Clamp?, hasResidual: Bool
  ) -> KernelChoice? {
    guard let x = context.inputs[0], let layout = layout(x.shape), x.type == .float32 else { return nil }
    let kernel = BatchNormKernel(
      norm: normalization(x.shape, epsilon, ofBatch: ofBatch, clamp), hasResidual: hasResidual,
      leaves: context.group.leaves)
    var operands: [(input: Int, layout: Layout)] = [(0, layout), (1, .rowMajor), (2, .rowMajor)]
    if !ofBatch { operands += [(3, .rowMajor), (4, .rowMajor)] }
    if kernel.hasResidual { operands.append((operands.count, layout)) }
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: layout, worksInPlace: true, name: "batch norm")
  }

  /// The layout in which the channels of each position are contiguous; nil if there is none or nothing to
  /// compute.
  static func layout(_ shape: Shape) -> Layout? {
    guard shape.elementCount > 0 else { return nil }
    return shape.rank == 4 ? .channelsLast : shape.rank == 2 ? .rowMajor : nil
  }

  static func normalization(_ shape: Shape, _ epsilon: Float, ofBatch: Bool, _ clamp: Clamp?) -> vn_batch_norm
  {
    vn_batch_norm(
      rows: shape.elementCount / shape[1], channels: shape[1], epsilon: epsilon,
      low: clamp?.low ?? -.infinity,
      high: clamp?.high ?? .infinity, of_batch: ofBatch)
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var norm = norm
    return vn_batch_norm_scratch_floats(&norm)
  }

  func run(_ context: borrowing KernelContext) {
    var norm = norm
    let operands = norm.of_batch ? 3 : 5
    let outputs = operands + (hasResidual ? 1 : 0)
    let statistics = norm.of_batch ? outputs + 1 : 3
    var sharing = leaves.pointers(context, behind: outputs + (norm.of_batch ? 3 : 1))
    vn_batch_norm_forward(
      context.kernels, &norm, context.floats(0), context.floats(1), context.floats(2),
      hasResidual ? UnsafePointer(context.floats(operands)) : nil, context.floats(statistics),
      context.floats(statistics + 1), context.floats(outputs), &sharing, context.scratch, context.pool)
  }
}

/// The parts of a normalization that the neighboring convolutions compute, see `NormalizedConvolutions`.
struct NormalizationSharing {
  /// The number of partial sums that the convolution before it computes; 0 for none.
  var chunks = 0
  /// Whether the convolution after it computes its result.
  var isDeferred = false

  /// The pointers for the C kernels.
  ///
  /// - Parameter outputs: the number of the step's operands and outputs, after which sums and factors follow.
  func pointers(_ context: borrowing KernelContext, behind outputs: Int) -> vn_batch_norm_sharing {
    var sharing = vn_batch_norm_sharing()
    if chunks > 0 {
      sharing.partials = context.floats(outputs)
      sharing.chunks = chunks
    }
    if isDeferred { sharing.factors = context.floats(outputs + (chunks > 0 ? 1 : 0)) }
    return sharing
  }
}

/// The gradient of batch normalization, and of the addition and the clamp after it.
struct BatchNormGradientKernel: Kernel {
  private let norm: vn_batch_norm
  /// The position of the forward result among the step's pointers; nil if it is not read.
  private let resultOperand: Int?
  private let biasOperand: Int?
  private let outputs: Int
  private let hasResidual: Bool
  private let leaves: NormalizationSharing

  static func choose(_ op: BatchNormalizationGradient, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[1],
      let layout = BatchNormKernel.layout(x.shape), x.type == .float32
    else { return nil }
    var operands: [(input: Int, layout: Layout)] = [
      (0, layout), (1, layout), (2, .rowMajor), (3, .rowMajor), (4, .rowMajor),
    ]
    var (bias, result): (Int?, Int?)
    if op.clamp != nil {
      bias = operands.count
      operands.append((5, .rowMajor))
      // Without a residual, recomputing the result from x takes less time than reading it.
      if op.hasResidual {
        result = operands.count
        operands.append((6, layout))
      }
    }
    let kernel = BatchNormGradientKernel(
      norm: BatchNormKernel.normalization(x.shape, op.epsilon, ofBatch: op.ofBatch, op.clamp),
      resultOperand: result, biasOperand: bias, outputs: operands.count, hasResidual: op.hasResidual,
      leaves: context.group.leaves)
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: layout, worksInPlace: true,
      name: "batch norm backward")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var norm = norm
    return vn_batch_norm_scratch_floats(&norm)
  }

  func run(_ context: borrowing KernelContext) {
    var norm = norm
    // Only the mask of a clamp needs the bias.
    let bias = context.floats(biasOperand ?? 2)
    var sharing = leaves.pointers(context, behind: outputs + (hasResidual ? 4 : 3))
    vn_batch_norm_backward(
      context.kernels, &norm, context.floats(0), context.floats(1),
      resultOperand.map { UnsafePointer(context.floats($0)) }, context.floats(2), bias, context.floats(3),
      context.floats(4), context.floats(outputs), context.floats(outputs + 1), context.floats(outputs + 2),
      hasResidual ? context.floats(outputs + 3) : nil, &sharing, context.scratch, context.pool)
  }
}

/// The running statistics after a batch.
struct RunningStatisticsKernel: Kernel {
  private let momentum: Double
  private let unbiased: Double
  private let channels: Int

  static func choose(_ op: RunningStatistics, _ context: NodeContext) -> KernelChoice? {
    guard let mean = context.inputs[0],
      mean.type == .float32, let extents = context.constantInts(4)
    else { return nil }
    let count = extents.enumerated().reduce(1) { $1.offset == 1 ? $0 : $0 * $1.element }
    // For a single element, the reference kernel throws the error.
    guard count > 1 else { return nil }
    let kernel = RunningStatisticsKernel(
      momentum: Double(op.momentum), unbiased: Double(count) / Double(count - 1), channels: mean.shape[0])
    return KernelChoice(
      kernel: kernel, operands: (0..<4).map { ($0, .rowMajor) }, outputLayout: .rowMajor, name: "statistics")
  }

  func run(_ context: borrowing KernelContext) {
    for (index, factor) in [(0, 1.0), (1, unbiased)] {
      let (old, new, result) = (context.floats(index), context.floats(index + 2), context.floats(index + 4))
      for channel in 0..<channels {
        result[channel] = Float(
          momentum * Double(old[channel]) + (1 - momentum) * factor * Double(new[channel]))
      }
    }
  }
}

extension BatchNormalizationGradient: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    BatchNormGradientKernel.choose(self, context)
  }
}

extension RunningStatistics: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    RunningStatisticsKernel.choose(self, context)
  }
}
