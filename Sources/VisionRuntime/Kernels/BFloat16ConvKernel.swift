import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Convolutions, channels last, and dense layers that multiply bfloat16, with bias, residual and activation.
struct BFloat16ConvKernel: Kernel {
  private let conv: vn_bconv
  private let weights: PackedWeights
  private let bias: Tensor?
  private let hasResidual: Bool

  static func choose(_ fused: FusedConv, _ context: NodeContext) -> KernelChoice? {
    guard let filters = context.frozen.filters,
      var conv = ConvKernel.convolution(
        of: fused, context.inputs, context.outputs[0], pitch: context.storage.result.floatPitch)
    else { return nil }
    let bias = context.inputs.count > 2 ? context.frozen[2] : nil
    guard context.isAbsent(2) || bias != nil else { return nil }
    let stored = context.storage.halves
    if let pitch = context.storage.pitch(ofInput: 0) {
      (conv.x_pixel, conv.x_row, conv.x_image) = ConvKernel.strides(pitch, Int(conv.h), Int(conv.w))
    }
    if let pitch = context.storage.pitch(ofInput: 3) {
      (conv.r_pixel, conv.r_row, conv.r_image) = ConvKernel.strides(pitch, Int(conv.oh), Int(conv.ow))
    }
    setStrides(&conv, stored)
    var rounded = vn_bconv()
    rounded.conv = conv
    (rounded.x_is_bf16, rounded.residual_is_bf16, rounded.y_is_bf16) = (stored.x, stored.residual, stored.y)
    guard vn_bconv_applies(&rounded) else { return nil }
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    if fused.hasResidual { operands.append((3, .channelsLast)) }
    let kernel = BFloat16ConvKernel(
      conv: rounded, weights: pack(rounded, filters, context), bias: bias?.aligned,
      hasResidual: fused.hasResidual)
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: .channelsLast, name: "bf16 conv")
  }

  /// y = x · w + b with frozen w and b; x and w are rounded to bfloat16.
  static func dense(_ product: BFloat16Product, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, x.shape.elementCount > 0,
      context.outputs[0].shape.elementCount > 0, let dense = DenseLayer(product.gemm, context),
      dense.alpha == 1
    else { return nil }
    var conv = vn_bconv()
    conv.conv = dense.conv
    let filters = FrozenFilters(weights: dense.rows, factors: nil)
    let kernel = BFloat16ConvKernel(
      conv: conv, weights: pack(conv, filters, context), bias: dense.bias, hasResidual: false)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor)], outputLayout: .rowMajor, name: "bf16 dense")
  }

  /// Sets the strides of images that are stored as bfloat16, in words of two.
  static func setStrides(_ conv: inout vn_conv, _ stored: BFloat16Storage.Of) {
    let pitches = (Int(vn_bconv_pitch(conv.c)), Int(vn_bconv_pitch(conv.o)))
    if stored.x {
      (conv.x_pixel, conv.x_row, conv.x_image) = ConvKernel.strides(pitches.0, Int(conv.h), Int(conv.w))
    }
    let ofResults = ConvKernel.strides(pitches.1, Int(conv.oh), Int(conv.ow))
    if stored.residual { (conv.r_pixel, conv.r_row, conv.r_image) = ofResults }
    if stored.y { (conv.y_pixel, conv.y_row, conv.y_image) = ofResults }
  }

  /// Whether a node's float32 convolution is faster in bfloat16: if it is possible, unless Winograd's
  /// algorithm is faster.
  static func pays(
    _ node: Graph.Node, in graph: Graph, _ kernels: OpaquePointer, _ algorithm: ConvolutionAlgorithm
  ) -> Bool {
    guard var rounded = convolution(node, in: graph), vn_bconv_applies(&rounded) else { return false }
    // A processor's tiles multiply bfloat16 eight times as fast as it multiplies floats.
    if algorithm == .automatic, vn_bfloat16_by_tiles(kernels) { return true }
    // In these cases Winograd's algorithm saves about half of the products, which is no gain over bfloat16
    // with twice as many products at a time. The choice does not depend on the machine's other
    // instructions, so that results do not either.
    if algorithm == .automatic, rounded.conv.stride_h == 2 || vn_winograd_side_of(&rounded.conv) == 2 {
      return true
    }
    // With few channels Winograd's algorithm was measured beside float32 only.
    if algorithm == .automatic, min(rounded.conv.c, rounded.conv.o) < 16 { return true }
    return !Machine(kernels: kernels, convolutions: algorithm).prefersWinograd(
      rounded.conv, pays: vn_winograd_pays, applies: vn_winograd_applies)
  }

  /// Whether a node can write its result as bfloat16.
  static func canWrite(_ node: Graph.Node, in graph: Graph) -> Bool {
    guard isRounded(node), var conv = convolution(node, in: graph) else { return false }
    conv.y_is_bf16 = true
    return vn_bconv_applies(&conv)
  }

  /// Whether a node can read its input at `position` as bfloat16.
  static func canRead(_ node: Graph.Node, position: Int, in graph: Graph) -> Bool {
    guard isRounded(node), var conv = convolution(node, in: graph) else { return false }
    conv.residual_is_bf16 = position == 3
    return (position == 0 || position == 3) && vn_bconv_applies(&conv)
  }

  private static func isRounded(_ node: Graph.Node) -> Bool {
    (node.operation as? FusedConv)?.operands == .bfloat16
  }

  private static func convolution(_ node: Graph.Node, in graph: Graph) -> vn_bconv? {
    guard let conv = ConvKernel.convolution(of: node, in: graph) else { return nil }
    var rounded = vn_bconv()
    rounded.conv = conv
    return rounded
  }

  /// Packs weights O×C/G×KH×KW, once per model and instruction set.
  static func pack(_ conv: vn_bconv, _ filters: FrozenFilters, _ context: NodeContext) -> PackedWeights {
    var conv = conv
    let kernels = context.kernels
    let set = vn_kernels_isa(kernels).rawValue, form = vn_has_bfloat16(kernels) ? "pairs" : "floats"
    let key = "bfloat16 \(form) \(context.node.name) \(set) \(filters.shape)"
    // Packs some outputs at a time, so that the source of packed ones need not stay in memory.
    let parts = filters.parts(isWhole: conv.conv.groups > 1)
    let floats = vn_bconv_packed_floats(kernels, &conv), row = vn_bconv_row_floats(kernels, &conv)
    return context.frozen.store.packed(key, floats: floats, parts: parts.count) { target, index, scratch in
      var part = conv
      part.conv.o = Int32(parts[index].count)
      let rows = scratch.rows(row * parts[index].count)
      filters.withFloats(of: parts[index], scratch: scratch) {
        vn_bconv_pack(kernels, &part, $0, rows, target + parts[index].lowerBound * row)
      }
    }
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_bconv_scratch_floats(kernels, &conv, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    ConvolutionExplanation.bfloat16(conv, bias: bias, kernels: kernels)
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    vn_bconv_run(
      context.kernels, &conv, context.pointers[0], weights.floats, bias.map(\.baseFloats),
      hasResidual ? UnsafeRawPointer(context.pointers[1]) : nil, context.pointers[hasResidual ? 2 : 1],
      context.scratch, context.pool)
  }
}
