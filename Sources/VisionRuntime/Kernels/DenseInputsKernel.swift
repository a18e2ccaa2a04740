import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// y = activation(x · w + b + residual) for one row, with frozen w and b and a w so large that it comes from memory. The weights
/// of inputs that are zero are not read.
struct DenseInputsKernel: Kernel {
  private let inputs: Int
  private let outputs: Int
  private let weights: PackedWeights
  private let bias: Tensor?
  private let activation: (op: vn_unary_op, a: Float, b: Float)
  private let hasResidual: Bool

  /// - Parameter layer: what follows the product.
  static func choose(_ dense: DenseLayer, _ layer: FusedDense, _ context: NodeContext) -> KernelChoice? {
    let (inputs, outputs) = (Int(dense.conv.c), Int(dense.conv.o))
    guard dense.conv.n == 1, vn_dense_pays(inputs, outputs) else { return nil }
    let kernel = DenseInputsKernel(
      inputs: inputs, outputs: outputs, weights: pack(dense, inputs, outputs, context), bias: dense.bias,
      activation: UnaryKernel.function(of: layer.activation), hasResidual: layer.hasResidual)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor)] + (layer.hasResidual ? [(3, .rowMajor)] : []),
      outputLayout: .rowMajor, name: "dense")
  }

  /// Packs the weights input by input; the packed weights are the same for all instruction sets.
  private static func pack(_ dense: DenseLayer, _ inputs: Int, _ outputs: Int, _ context: NodeContext)
    -> PackedWeights
  {
    let (kernels, key) = (context.kernels, "dense inputs \(context.node.name) \(outputs) × \(inputs)")
    let floats = vn_dense_packed_floats(inputs, outputs)
    guard dense.hasRows else {
      // Not before they are asked for: a copy of all of them is made.
      return context.frozen.store.packed(key, floats: floats) { target, _, _ in
        dense.rows.withAlignedFloats { vn_dense_pack(kernels, inputs, outputs, 0, outputs, $0, target) }
        dense.giveBack()
      }
    }
    let filters = FrozenFilters(weights: dense.rows, factors: nil)
    let parts = filters.parts(isWhole: false)
    return context.frozen.store.packed(key, floats: floats, parts: parts.count) { target, index, scratch in
      let part = parts[index]
      filters.withFloats(of: part, scratch: scratch) {
        vn_dense_pack(kernels, inputs, outputs, part.lowerBound, part.count, $0, target)
      }
    }
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    vn_dense_scratch_floats(inputs, outputs, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "inputs that are not zero", details: "up to \(inputs) rows of \(outputs) weights",
      reason: "one image, and weights that come from memory: those of inputs that are zero need not",
      heldBytes: weights.byteCount + ConvolutionExplanation.bytes(bias))
  }

  func run(_ context: borrowing KernelContext) {
    let y = context.floats(hasResidual ? 2 : 1)
    vn_dense_run(
      context.kernels, inputs, outputs, context.floats(0), weights.floats, bias.map(\.baseFloats), y,
      context.scratch, context.pool)
    if hasResidual {
      vn_binary(
        context.kernels, VN_ADD, 1, outputs, vn_operand(data: y, row: 0, column: 1),
        vn_operand(data: context.floats(1), row: 0, column: 1), y, Int64(outputs), context.pool)
    }
    if activation.op != VN_IDENTITY {
      vn_unary(context.kernels, activation.op, activation.a, activation.b, outputs, y, y, context.pool)
    }
  }
}
