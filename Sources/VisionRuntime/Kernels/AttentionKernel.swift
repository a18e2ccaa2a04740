import CVisionKernels
import VisionSystem
import VisionTensor
package import VisionGraph

/// Attention head by head, so that the scores of one head stay in the caches.
struct AttentionKernel: Kernel {
  private let form: ScaledDotProductAttention.Form
  private let scale: Float
  private let hasKeysInColumns: Bool
  private let givesZerosForNaN: Bool
  private let heads: Int
  /// Writes the bias of one head into its scores: one kernel for each place that it is read from.
  private let biases: [CopyKernel]

  static func choose(_ op: ScaledDotProductAttention, _ context: NodeContext) -> KernelChoice? {
    guard let form = try? op.form(context.inputs), context.inputs[0]?.type == .float32,
      context.outputs[0].shape.elementCount > 0, form.keys > 0, form.depth > 0
    else { return nil }
    let heads = form.batch.elementCount
    var operands: [(input: Int, layout: Layout)] = [(0, .rowMajor), (1, .rowMajor), (2, .rowMajor)]
    var biases: [CopyKernel] = []
    if !context.isAbsent(3), let bias = context.inputs[3]?.shape {
      operands.append((3, .rowMajor))
      let strides = Strides.broadcast(bias, .rowMajor, to: form.scores)
      let starts = Reference.indices(form.batch, steps: Array(strides.dropLast(2)))
      biases = starts.map { start in
        CopyKernel(
          [
            CopyKernel.Part(
              source: 0, target: 1, dimensions: [form.queries, form.keys], sourceOffset: start,
              sourceStrides: Array(strides.suffix(2)), targetStrides: [form.keys, 1])
          ], type: .float32)
      }
    }
    let kernel = AttentionKernel(
      form: form, scale: op.scale, hasKeysInColumns: op.hasKeysInColumns,
      givesZerosForNaN: op.givesZerosForNaN, heads: heads, biases: biases)
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .rowMajor, name: "attention")
  }

  /// Floats of the scores of one head, rounded up so that what follows begins at a cache line.
  private var scoreFloats: Int { (form.queries * form.keys + 15) / 16 * 16 }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    let first = vn_gemm_scratch_floats(kernels, form.queries, form.keys, form.depth, Int32(threads))
    let second = vn_gemm_scratch_floats(kernels, form.queries, form.width, form.keys, Int32(threads))
    return scoreFloats + max(first, second)
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "head by head",
      details:
        "\(heads) heads, \(form.queries) × \(form.keys) scores, sums of \(form.depth) and \(form.keys)",
      reason: "the scores of one head stay in the caches, and keys need not be turned")
  }

  func run(_ context: borrowing KernelContext) {
    let (scores, scratch) = (context.scratch, context.scratch + scoreFloats)
    let (m, n, depth, width) = (form.queries, form.keys, form.depth, form.width)
    let output = context.floats(biases.isEmpty ? 3 : 4)
    for head in 0..<heads {
      if !biases.isEmpty {
        biases[head].copy(from: context.pointers[3], to: UnsafeMutableRawPointer(scores), context.pool)
      }
      vn_gemm(
        context.kernels, m, n, depth, scale, context.floats(0) + head * m * depth, Int64(depth), false,
        context.floats(1) + head * n * depth, Int64(hasKeysInColumns ? n : depth), !hasKeysInColumns,
        biases.isEmpty ? 0 : 1, scores, Int64(n), scratch, context.pool)
      vn_softmax(context.kernels, m, n, 1, scores, scores, context.pool)
      if givesZerosForNaN {
        // A softmax is NaN everywhere or nowhere.
        for row in 0..<m where scores[row * n].isNaN { (scores + row * n).update(repeating: 0, count: n) }
      }
      vn_gemm(
        context.kernels, m, width, n, 1, scores, Int64(n), false, context.floats(2) + head * n * width,
        Int64(width), false, 0, output + head * m * width, Int64(width), scratch, context.pool)
    }
  }
}

extension ScaledDotProductAttention: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { AttentionKernel.choose(self, context) }
}
