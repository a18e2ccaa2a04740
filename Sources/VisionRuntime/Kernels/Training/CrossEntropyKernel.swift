import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The cross-entropy of rows of logits N×K, or its gradient.
struct CrossEntropyKernel: Kernel {
  private let loss: vn_cross_entropy
  private let isGradient: Bool
  private let hasLabels: Bool
  private let hasWeights: Bool

  static func choose(_ op: SoftmaxCrossEntropy, _ context: NodeContext, isGradient: Bool) -> KernelChoice? {
    let first = isGradient ? 1 : 0
    guard let logits = context.inputs[first], logits.type == .float32, logits.shape.rank == 2,
      logits.shape.elementCount > 0, let target = context.inputs[first + 1],
      target.type == .int64 || target.type == .float32
    else { return nil }
    let loss = vn_cross_entropy(
      rows: logits.shape[0], classes: logits.shape[1], smoothing: op.labelSmoothing,
      has_ignored: op.ignoredClass != nil, ignored: Int64(op.ignoredClass ?? 0), mean: op.reduction == .mean)
    let hasWeights = !context.isAbsent(first + 2)
    let kernel = CrossEntropyKernel(
      loss: loss, isGradient: isGradient, hasLabels: target.type == .int64, hasWeights: hasWeights)
    let count = first + 2 + (hasWeights ? 1 : 0)
    return KernelChoice(
      kernel: kernel, operands: (0..<count).map { ($0, .rowMajor) }, outputLayout: .rowMajor,
      name: "cross-entropy")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var loss = loss
    return vn_cross_entropy_scratch_floats(&loss, Int32(threads))
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    var loss = loss
    let first = isGradient ? 1 : 0
    let target = context.pointers[first + 1]
    let weights = hasWeights ? UnsafePointer(context.floats(first + 2)) : nil
    let output = context.floats(first + (hasWeights ? 3 : 2))
    let labels = hasLabels ? UnsafePointer(target.assumingMemoryBound(to: Int64.self)) : nil
    let bad = vn_softmax_cross_entropy(
      context.kernels, &loss, context.floats(first), labels,
      hasLabels ? nil : UnsafePointer(target.assumingMemoryBound(to: Float.self)), weights,
      isGradient ? context.floats(0)[0] : 1, isGradient ? nil : output, isGradient ? output : nil,
      context.scratch, context.pool)
    if bad >= 0 {
      throw EvaluationError("class \(labels?[Int(bad)] ?? 0) is not in 0..<\(loss.classes)")
    }
  }
}
