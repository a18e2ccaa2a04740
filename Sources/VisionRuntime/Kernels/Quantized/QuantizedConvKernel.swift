import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Convolutions and matrix products of bytes, channels last.
struct QuantizedConvKernel: Kernel {
  private let conv: vn_qconv
  private let weights: PackedWeights
  private let hasResidual: Bool

  private typealias Position = QuantizedOperands.Position

  static func choose(_ op: QuantizedConv, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[Position.x]?.shape,
      let w = context.frozen[Position.weights],
      let (result, multipliers) = op.result(context.frozen.tensors, outputs: w.shape[0])
    else { return nil }
    let y = context.outputs[0].shape
    guard let plain = ConvKernel.convolution(op.conv, (x[0], x[1], x[2], x[3]), (y[0], y[1], y[2], y[3])),
      y.elementCount > 0, var conv = convolution(context)
    else { return nil }
    (conv.n, conv.h, conv.w, conv.c) = (plain.n, plain.h, plain.w, plain.c)
    (conv.oh, conv.ow, conv.o, conv.kh, conv.kw) = (plain.oh, plain.ow, plain.o, plain.kh, plain.kw)
    (conv.stride_h, conv.stride_w) = (plain.stride_h, plain.stride_w)
    (conv.dilation_h, conv.dilation_w) = (plain.dilation_h, plain.dilation_w)
    (conv.pad_top, conv.pad_left, conv.groups) = (plain.pad_top, plain.pad_left, plain.groups)
    conv.result = vn_requantization(
      result, multipliers, largest: largestSums(w, context), givesFloats: op.givesFloats)
    var operands: [(input: Int, layout: Layout)] = [(Position.x, .channelsLast)]
    if op.hasResidual { operands.append((Position.residual, .channelsLast)) }
    conv.winograd = prefersWinograd(conv, w, context)
    guard let packed = pack(conv, w, multipliers, context) else { return nil }
    let kernel = QuantizedConvKernel(conv: conv, weights: packed, hasResidual: op.hasResidual)
    let isDepthwise = op.conv.groups == x[1] && x[1] > 1
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: .channelsLast,
      name: isDepthwise ? "int8 depthwise" : conv.winograd ? "int8 winograd" : "int8 conv")
  }

  /// The kernel for rows of bytes times a matrix.
  static func dense(_ op: QuantizedDense, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[Position.x]?.shape,
      let w = context.frozen[Position.weights], let bytes = w.values(as: Int8.self)
    else { return nil }
    let outputs = w.shape[op.transposesWeights ? 0 : 1]
    guard let count = x.last, count > 0, x.elementCount > 0, outputs > 0, var conv = convolution(context),
      let (result, multipliers) = op.result(context.frozen.tensors, outputs: outputs)
    else { return nil }
    (conv.n, conv.h, conv.w, conv.c) = (Int32(x.elementCount / count), 1, 1, Int32(count))
    (conv.oh, conv.ow, conv.o, conv.kh, conv.kw) = (1, 1, Int32(outputs), 1, 1)
    (conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w, conv.groups) = (1, 1, 1, 1, 1)
    let rows =
      op.transposesWeights
      ? w
      : Tensor(
        (0..<(outputs * count)).map { bytes[$0 % count * outputs + $0 / count] }, shape: [outputs, count])
    conv.result = vn_requantization(
      result, multipliers, largest: largestSums(rows, context), givesFloats: op.givesFloats)
    guard let packed = pack(conv, rows, multipliers, context) else { return nil }
    let kernel = QuantizedConvKernel(conv: conv, weights: packed, hasResidual: false)
    return KernelChoice(
      kernel: kernel, operands: [(Position.x, .rowMajor)], outputLayout: .rowMajor, name: "int8 dense")
  }

  /// Whether to use Winograd's algorithm, which is used only where its results are exact.
  private static func prefersWinograd(_ conv: vn_qconv, _ w: Tensor, _ context: NodeContext) -> Bool {
    var conv = conv
    let isWanted =
      switch context.machine.convolutions {
      case .automatic: vn_qwinograd_pays(context.kernels, &conv)
      case .direct, .im2col: false
      case .winograd: vn_qwinograd_applies(&conv)
      }
    guard isWanted, let bytes = w.values(as: Int8.self) else { return false }
    return vn_qwinograd_is_exact(&conv, bytes)
  }

  private static func convolution(_ context: NodeContext) -> vn_qconv? {
    guard let x = QuantizedOperands.quantization(context.frozen.tensors, Position.xScale) else { return nil }
    var conv = vn_qconv()
    conv.x_zero = Int32(x.zeroPoint)
    return conv
  }

  /// An upper bound for the magnitude of each output's sums, with weights O×…: every input contributes its
  /// largest magnitude.
  private static func largestSums(_ w: Tensor, _ context: NodeContext) -> [Double] {
    let outputs = max(w.shape.first ?? 1, 1)
    guard let bytes = w.values(as: Int8.self), bytes.count % outputs == 0 else {
      return [Double](repeating: .infinity, count: outputs)
    }
    let bias =
      Position.bias < context.frozen.tensors.count
      ? context.frozen[Position.bias]?.values(as: Int32.self) : nil
    let count = bytes.count / outputs
    return (0..<outputs).map { o in
      let sum = bytes[(o * count)..<((o + 1) * count)].reduce(0) { $0 + abs(Int($1)) }
      return Double(sum) * 255 + abs(Double(bias.map { $0[min(o, $0.count - 1)] } ?? 0))
    }
  }

  /// Packs weights O×C/G×KH×KW with biases and multipliers; nil if the bias is not constant.
  private static func pack(_ conv: vn_qconv, _ w: Tensor, _ multipliers: [Float], _ context: NodeContext)
    -> PackedWeights?
  {
    var conv = conv
    let bias =
      Position.bias < context.frozen.tensors.count
      ? context.frozen[Position.bias]?.values(as: Int32.self) : nil
    guard context.isAbsent(Position.bias) || bias != nil, let bytes = w.values(as: Int8.self) else {
      return nil
    }
    // Multipliers are packed too, and differ for the graph whose results are floats.
    let results = conv.result.floats ? "floats" : "bytes"
    let kernels = context.kernels
    let kind = conv.winograd ? "winograd int8" : "int8"
    let key = "\(kind) \(context.node.name) \(results) \(vn_kernels_isa(kernels).rawValue) \(w.shape)"
    let size = vn_qconv_packed_bytes(kernels, &conv)
    return context.frozen.store.packed(key, floats: (size + 3) / 4) { target, _, _ in
      var conv = conv
      vn_qconv_pack(kernels, &conv, bytes, bias, multipliers, target)
    }
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return (vn_qconv_scratch_bytes(kernels, &conv, Int32(threads)) + 3) / 4
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    var conv = conv
    let held = vn_qconv_packed_bytes(kernels, &conv)
    guard conv.winograd else { return KernelExplanation(heldBytes: held) }
    let side: Int32 = 4
    let tiles = conv.n * ((conv.oh + side - 1) / side) * ((conv.ow + side - 1) / side)
    return KernelExplanation(
      algorithm: "integer Winograd F(4×4, 3×3)",
      details: "\(tiles) tile\(tiles == 1 ? "" : "s"), 36 products of \(tiles) × \(conv.c) × \(conv.o)",
      reason:
        "3×3 with stride 1 and sums of at most 26 bits: a quarter of the products, in 16 bits, with the same results",
      heldBytes: held)
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    vn_qconv_run(
      context.kernels, &conv, context.bytes(0), weights.floats,
      hasResidual ? UnsafePointer(context.bytes(1)) : nil, context.bytes(hasResidual ? 2 : 1),
      context.scratch,
      context.pool)
  }
}

extension vn_requantization {
  /// - Parameter largest: an upper bound for the magnitude of each output's sums.
  init(_ requantization: Requantization, _ multipliers: [Float], largest: [Double], givesFloats: Bool) {
    self.init()
    bounded = zip(multipliers, largest).allSatisfy { $0 < 0.99 || Double($0) * $1 < 2e9 }
    (low, high, zero) = (requantization.low, requantization.high, Int32(requantization.zero))
    floats = givesFloats
    guard let residual = requantization.residual else { return }
    (sum_scale, residual_scale, residual_zero) = (residual.sumScale, residual.scale, Int32(residual.zero))
    (sum_low, sum_high, sum_zero) = (residual.low, residual.high, Int32(residual.resultZero))
  }
}
