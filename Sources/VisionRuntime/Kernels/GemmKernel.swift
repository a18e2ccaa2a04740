import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Matrix products. With constant weights they are 1×1 convolutions over rows; otherwise operands are packed
/// in each run.
enum GemmKernel {
  static func choose(_ gemm: Gemm, _ context: NodeContext) -> KernelChoice? {
    guard factors(context) != nil else { return nil }
    return dense(gemm, context) ?? MatrixProductKernel.gemm(gemm, context)
  }

  static func choose(_ product: MatMul, _ context: NodeContext) -> KernelChoice? {
    guard let (a, b) = factors(context), a.shape.rank >= 2, b.shape.rank >= 2 else { return nil }
    return dense(Gemm(), context) ?? MatrixProductKernel.matMul(context)
  }

  /// The factors, if they are float32 and there is something to compute.
  private static func factors(_ context: NodeContext) -> (a: Fact, b: Fact)? {
    guard let a = context.inputs[0], let b = context.inputs[1], a.type == .float32,
      context.outputs[0].shape.elementCount > 0, a.shape.elementCount > 0
    else { return nil }
    return (a, b)
  }

  /// The kernel for a second factor that is a constant matrix.
  private static func dense(_ gemm: Gemm, _ context: NodeContext) -> KernelChoice? {
    guard context.frozen[1] != nil, context.inputs[1]?.shape.rank == 2, !gemm.transposesA else { return nil }
    return DenseKernel.choose(gemm, FusedDense(), context)
  }
}

/// Rows times a constant matrix, with a constant bias: a 1×1 convolution whose images are the rows.
struct DenseLayer {
  let conv: vn_conv
  let alpha: Float
  let bias: Tensor?
  private let weights: Tensor
  private let isTransposed: Bool

  /// - Parameter gemm: the operator; `Gemm()` for a MatMul.
  init?(_ gemm: Gemm, _ context: NodeContext) {
    guard let w = context.frozen[1], let x = context.inputs[0] else { return nil }
    isTransposed = gemm.transposesB
    weights = w
    alpha = gemm.alpha
    let (k, n) = isTransposed ? (w.shape[1], w.shape[0]) : (w.shape[0], w.shape[1])
    if context.isAbsent(2) {
      bias = nil
    } else {
      guard let c = context.frozen[2], let vector = Self.bias(c, count: n, beta: gemm.beta) else {
        return nil
      }
      bias = vector
    }
    var conv = vn_conv()
    let rows = x.shape.elementCount / max(k, 1)
    (conv.n, conv.h, conv.w, conv.c) = (Int32(rows), 1, 1, Int32(k))
    (conv.oh, conv.ow, conv.o) = (1, 1, Int32(n))
    (conv.kh, conv.kw, conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w) = (1, 1, 1, 1, 1, 1)
    conv.groups = 1
    (conv.x_pixel, conv.x_row, conv.x_image) = (Int64(k), Int64(k), Int64(k))
    (conv.y_pixel, conv.y_row, conv.y_image) = (Int64(n), Int64(n), Int64(n))
    (conv.r_pixel, conv.r_row, conv.r_image) = (Int64(n), Int64(n), Int64(n))
    conv.activation = VN_IDENTITY
    self.conv = conv
  }

  /// Whether `rows` are the unchanged weights.
  var hasRows: Bool { isTransposed && alpha == 1 }

  /// α times the weights, one row for each output.
  var rows: Tensor {
    if hasRows { return weights }
    let (k, n) = (Int(conv.c), Int(conv.o))
    return Tensor(elementType: .float32, shape: [n, k]) { bytes in
      let target = bytes.bindMemory(to: Float.self)
      weights.withAlignedFloats { source in
        for o in 0..<n {
          for c in 0..<k { target[o * k + c] = alpha * source[isTransposed ? o * k + c : c * n + o] }
        }
      }
    }
  }

  /// Called once the weights are packed: if they come from a file, their pages may be released.
  func giveBack() { weights.storage.giveBack() }

  /// β times Gemm's C, one number per column; nil when C differs between rows.
  private static func bias(_ c: Tensor, count: Int, beta: Float) -> Tensor? {
    let isRow = c.shape.dimensions.dropLast().allSatisfy { $0 == 1 }
    guard isRow, c.elementCount == count || c.elementCount == 1 else { return nil }
    if c.elementCount == count && beta == 1 { return c.aligned }
    let values = c.floats
    return Tensor((0..<count).map { beta * values[values.count == 1 ? 0 : $0] })
  }
}

/// C = α·op(A)·op(B) + β·C with both operands changing, over any number of matrices.
struct MatrixProductKernel: Kernel {
  private var m = 0
  private var n = 0
  private var k = 0
  private var alpha: Float = 1
  private var beta: Float = 0
  private var transposesA = false
  private var transposesB = false
  /// The offsets of each product's A and B, in floats.
  private var starts: [(a: Int, b: Int)] = [(0, 0)]
  /// Broadcasts Gemm's C to the output beforehand.
  private var spread: CopyKernel?
  private var outputOperand = 2

  static func gemm(_ gemm: Gemm, _ context: NodeContext) -> KernelChoice? {
    guard let a = context.inputs[0] else { return nil }
    var kernel = MatrixProductKernel()
    (kernel.transposesA, kernel.transposesB, kernel.alpha) = (gemm.transposesA, gemm.transposesB, gemm.alpha)
    let y = context.outputs[0].shape
    (kernel.m, kernel.n, kernel.k) = (y[0], y[1], a.shape[kernel.transposesA ? 0 : 1])
    var operands: [(input: Int, layout: Layout)] = [(0, .rowMajor), (1, .rowMajor)]
    if !context.isAbsent(2), let c = context.inputs[2] {
      kernel.beta = gemm.beta
      kernel.spread = CopyKernel.broadcast(c.shape, to: y, operand: 2, output: 3, type: .float32)
      kernel.outputOperand = 3
      operands.append((2, .rowMajor))
    }
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .rowMajor, name: "gemm")
  }

  static func matMul(_ context: NodeContext) -> KernelChoice? {
    guard let a = context.inputs[0]?.shape, let b = context.inputs[1]?.shape else { return nil }
    var kernel = MatrixProductKernel()
    (kernel.m, kernel.n, kernel.k) = (a[a.rank - 2], b[b.rank - 1], a[a.rank - 1])
    let batch = Shape(Array(context.outputs[0].shape.dimensions.dropLast(2)))
    if b.elementCount == kernel.k * kernel.n, a.elementCount == batch.elementCount * kernel.m * kernel.k {
      // All rows are multiplied by one matrix, which is then packed once.
      kernel.m *= batch.elementCount
      return KernelChoice(
        kernel: kernel, operands: [(0, .rowMajor), (1, .rowMajor)], outputLayout: .rowMajor, name: "gemm")
    }
    let ia = Reference.indices(of: Shape(Array(a.dimensions.dropLast(2))), broadcastTo: batch)
    let ib = Reference.indices(of: Shape(Array(b.dimensions.dropLast(2))), broadcastTo: batch)
    kernel.starts = zip(ia, ib).map { ($0 * kernel.m * kernel.k, $1 * kernel.k * kernel.n) }
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (1, .rowMajor)], outputLayout: .rowMajor, name: "gemm")
  }

  private init() {}

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    vn_gemm_scratch_floats(kernels, m, n, k, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "matrix product", details: "\(starts.count) of \(m) × \(n), sums of \(k)",
      reason: "both operands change from run to run, so that panels are packed at each")
  }

  func run(_ context: borrowing KernelContext) {
    spread?.run(context)
    let (a, b, y) = (context.floats(0), context.floats(1), context.floats(outputOperand))
    // Without optimization, a loop over `enumerated()` would allocate.
    for index in starts.indices {
      let start = starts[index]
      vn_gemm(
        context.kernels, m, n, k, alpha, a + start.a, Int64(transposesA ? m : k), transposesA, b + start.b,
        Int64(transposesB ? k : n), transposesB, beta, y + index * m * n, Int64(n), context.scratch,
        context.pool)
    }
  }
}
