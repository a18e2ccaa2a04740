import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// A loss that compares each element of a prediction with that of a target, or its gradient.
struct ElementwiseLossKernel: Kernel {
  private let loss: vn_elementwise_loss
  private let isGradient: Bool

  /// - Parameter parameter: the distance of Huber's loss, or the label smoothing of binary cross-entropy.
  static func choose(
    _ kind: vn_loss_kind, parameter: Float = 0, _ reduction: LossReduction, _ context: NodeContext,
    isGradient: Bool
  ) -> KernelChoice? {
    let first = isGradient ? 1 : 0
    guard let prediction = context.inputs[first], prediction.type == .float32,
      prediction.shape.elementCount > 0
    else { return nil }
    var weights = 0
    if !context.isAbsent(first + 2), let shape = context.inputs[first + 2]?.shape {
      // Weights of the last axes are repeated from element to element; others are not.
      let extents = Array(shape.dimensions.drop { $0 == 1 })
      guard Array(prediction.shape.dimensions.suffix(extents.count)) == extents else { return nil }
      weights = shape.elementCount
    }
    let loss = vn_elementwise_loss(
      kind: kind, parameter: Double(parameter), count: prediction.shape.elementCount, weights: weights,
      mean: reduction == .mean)
    let layout: Layout = weights == 0 ? context.layouts[first] : .rowMajor
    let count = first + (weights == 0 ? 2 : 3)
    return KernelChoice(
      kernel: ElementwiseLossKernel(loss: loss, isGradient: isGradient),
      operands: (0..<count).map { ($0, $0 == first || $0 == first + 1 ? layout : .rowMajor) },
      outputLayout: isGradient ? layout : .rowMajor, name: "loss")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var loss = loss
    return isGradient ? 0 : vn_elementwise_loss_scratch_floats(&loss)
  }

  func run(_ context: borrowing KernelContext) {
    var loss = loss
    let first = isGradient ? 1 : 0
    let (p, t) = (context.floats(first), context.floats(first + 1))
    let weights = loss.weights > 0 ? UnsafePointer(context.floats(first + 2)) : nil
    let output = context.floats(first + (loss.weights > 0 ? 3 : 2))
    if isGradient {
      vn_elementwise_loss_gradient(&loss, context.floats(0)[0], p, t, weights, output, context.pool)
    } else {
      output[0] = vn_elementwise_loss_value(&loss, p, t, weights, context.scratch, context.pool)
    }
  }
}
