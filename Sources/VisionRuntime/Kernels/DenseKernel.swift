import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// y = activation(x · w + b + residual) with frozen w and b.
struct DenseKernel: Kernel {
  private let conv: vn_conv
  private let weights: PackedWeights
  private let bias: Tensor?
  private let hasResidual: Bool

  /// The kernel for a layer that passes have put together; nil if its weights change.
  static func choose(_ layer: FusedDense, _ context: NodeContext) -> KernelChoice? {
    guard context.inputs[0]?.type == .float32, context.frozen[1] != nil,
      context.outputs[0].shape.elementCount > 0,
      context.inputs[0]?.shape.elementCount ?? 0 > 0
    else { return nil }
    return choose(layer.gemm, layer, context)
  }

  /// - Parameter layer: what follows the product.
  static func choose(_ gemm: Gemm, _ layer: FusedDense, _ context: NodeContext) -> KernelChoice? {
    guard let dense = DenseLayer(gemm, context) else { return nil }
    if let choice = DenseInputsKernel.choose(dense, layer, context) { return choice }
    var conv = dense.conv
    (conv.activation, conv.alpha, conv.beta) = UnaryKernel.function(of: layer.activation)
    let kernel = DenseKernel(
      conv: conv, weights: pack(dense, context), bias: dense.bias, hasResidual: layer.hasResidual)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor)] + (layer.hasResidual ? [(3, .rowMajor)] : []),
      outputLayout: .rowMajor, name: "dense")
  }

  private static func pack(_ dense: DenseLayer, _ context: NodeContext) -> PackedWeights {
    var conv = dense.conv
    if dense.hasRows {
      return ConvKernel.pack(conv, FrozenFilters(weights: dense.rows, factors: nil), context)
    }
    let (kernels, shape) = (context.kernels, context.frozen[1]?.shape ?? [])
    let key = "dense \(context.node.name) \(vn_kernels_isa(kernels).rawValue) \(shape)"
    return context.frozen.store.packed(key, floats: vn_conv_packed_floats(kernels, &conv)) { target, _, _ in
      var conv = conv
      dense.rows.withAlignedFloats { vn_conv_pack(kernels, &conv, $0, target) }
      dense.giveBack()
    }
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_conv_scratch_floats(kernels, &conv, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    var explanation = ConvolutionExplanation.of(conv, packed: weights, bias: bias, kernels: kernels)
    explanation.algorithm = "matrix product"
    explanation.reason = "the weights do not change, so that they are packed once; rows are images"
    return explanation
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    let residual = hasResidual ? UnsafePointer(context.floats(1)) : nil
    vn_conv_run(
      context.kernels, &conv, context.floats(0), weights.floats, bias.map(\.baseFloats), residual,
      context.floats(hasResidual ? 2 : 1), context.scratch, context.pool)
  }
}
