import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The loss of a detector, or its gradient.
struct DetectionLossKernel: Kernel {
  private let loss: vn_detection_loss
  private let isGradient: Bool

  static func choose(_ op: DetectionLoss, _ context: NodeContext, isGradient: Bool) -> KernelChoice? {
    let first = isGradient ? 1 : 0
    let strides = op.grid.strides
    guard let raw = context.inputs[first], raw.type == .float32, raw.shape.elementCount > 0,
      op.objects > 0, op.objects <= Int(Int32.max), strides.count <= vn_detection_levels
    else { return nil }
    var loss = vn_detection_loss()
    (loss.images, loss.classes, loss.bins, loss.objects) = (raw.shape[0], op.classes, op.bins, op.objects)
    // No object has more candidates than there are places.
    loss.top = min(op.top, op.grid.count)
    (loss.alpha, loss.beta) = (Double(op.alpha), Double(op.beta))
    if case .varifocal(let weight, let gamma) = op.comparison {
      (loss.varifocal, loss.negative_weight, loss.gamma) = (true, weight, gamma)
    }
    (loss.box, loss.distribution, loss.mean) = (op.box, op.distribution, op.reduction == .mean)
    loss.levels = strides.count
    withUnsafeMutableBytes(of: &loss.level) { bytes in
      for (level, stride) in zip(bytes.bindMemory(to: vn_detection_level.self).indices, strides) {
        let (rows, columns) = op.grid.extents(stride)
        bytes.bindMemory(to: vn_detection_level.self)[level] = vn_detection_level(
          rows: rows, columns: columns, stride: Double(stride))
      }
    }
    return KernelChoice(
      kernel: DetectionLossKernel(loss: loss, isGradient: isGradient),
      operands: (0..<first + 2).map { ($0, .rowMajor) }, outputLayout: .rowMajor, name: "detection loss")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var loss = loss
    return vn_detection_loss_scratch_floats(&loss)
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    var loss = loss
    let first = isGradient ? 1 : 0
    let (target, output) = (context.floats(first + 1), context.floats(first + 2))
    let bad = vn_detection_loss_run(
      &loss, context.floats(first), target, isGradient ? context.floats(0)[0] : 1,
      isGradient ? nil : output, isGradient ? output : nil, context.scratch, context.pool)
    if bad >= 0 {
      throw EvaluationError("class \(Double(target[Int(bad) * 5])) is not in 0..<\(loss.classes)")
    }
  }
}
