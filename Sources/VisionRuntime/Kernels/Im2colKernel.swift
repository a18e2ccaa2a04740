import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Convolution with bias, residual and activation over any number of spatial axes by im2col and GEMM, the
/// plain algorithm. All tensors are in ONNX's order.
struct Im2colKernel: Kernel {
  private let conv: vn_im2col
  /// Why this algorithm computes the convolution, for reports.
  private let reason: String
  /// Positions among the step's pointers.
  private let biasOperand: Int?
  private let residualOperand: Int?
  private let outputOperand: Int

  /// The kernel for convolutions whose number of spatial axes is not two, and for all if im2col is requested.
  static func choose(_ fused: FusedConv, _ context: NodeContext) -> KernelChoice? {
    guard fused.operands == .float32, let x = context.inputs[0], let w = context.inputs[1],
      x.type == .float32, w.type == .float32
    else { return nil }
    let axes = x.shape.rank - 2
    guard axes != 2 || context.machine.convolutions == .im2col,
      let conv = convolution(of: fused, x.shape, context.outputs[0].shape)
    else { return nil }
    var operands: [(input: Int, layout: Layout)] = [(0, .rowMajor), (1, .rowMajor)]
    var (biasOperand, residualOperand): (Int?, Int?)
    if !context.isAbsent(2) {
      biasOperand = operands.count
      operands.append((2, .rowMajor))
    }
    if fused.hasResidual {
      residualOperand = operands.count
      operands.append((3, .rowMajor))
    }
    let kernel = Im2colKernel(
      conv: conv,
      reason: axes == 2 ? "it was asked for" : "\(axes) spatial \(axes == 1 ? "axis" : "axes")",
      biasOperand: biasOperand, residualOperand: residualOperand, outputOperand: operands.count)
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .rowMajor, name: "im2col")
  }

  /// The extents of a convolution from x to y; nil when there is nothing to compute or there are too many
  /// axes.
  private static func convolution(of fused: FusedConv, _ x: Shape, _ y: Shape) -> vn_im2col? {
    let window = fused.conv.window
    let (input, output) = (Array(x.dimensions.dropFirst(2)), Array(y.dimensions.dropFirst(2)))
    guard input.count <= Int(VN_SPATIAL_AXES), (x.dimensions + y.dimensions).allSatisfy({ $0 > 0 }),
      // GEMM counts its rows in 32 bits.
      Int32(exactly: y[1]) != nil, let resolved = try? window.resolved(input)
    else { return nil }
    var conv = vn_im2col()
    conv.axes = Int32(input.count)
    (conv.n, conv.c, conv.o, conv.groups) = (x[0], x[1], y[1], fused.conv.groups)
    set(&conv.in, input)
    set(&conv.out, output)
    set(&conv.kernel, window.kernel)
    set(&conv.stride, window.strides)
    set(&conv.dilation, window.dilations)
    set(&conv.pad, resolved.before)
    (conv.activation, conv.alpha, conv.beta) = UnaryKernel.function(of: fused.activation)
    return conv
  }

  /// Sets the first elements of a C array.
  private static func set<Elements>(_ target: inout Elements, _ values: [Int]) {
    withUnsafeMutableBytes(of: &target) { bytes in
      for (index, value) in values.enumerated() {
        bytes.storeBytes(of: Int64(value), toByteOffset: index * 8, as: Int64.self)
      }
    }
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_im2col_scratch_floats(kernels, &conv, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    var conv = conv
    let blocks = vn_im2col_explain(&conv)
    return KernelExplanation(
      algorithm: "im2col and GEMM",
      details:
        "columns of \(blocks.depth) × \(blocks.columns) in blocks of \(blocks.kc) × \(blocks.nc), "
        + "\(blocks.items) item\(blocks.items == 1 ? "" : "s")",
      reason: "\(reason): columns are formed in blocks that stay in the cache, each is multiplied at once")
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    vn_im2col_run(
      context.kernels, &conv, context.floats(0), context.floats(1),
      biasOperand.map { UnsafePointer(context.floats($0)) },
      residualOperand.map { UnsafePointer(context.floats($0)) }, context.floats(outputOperand),
      context.scratch, context.pool)
  }
}
