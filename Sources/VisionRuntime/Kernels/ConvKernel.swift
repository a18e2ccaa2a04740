import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Convolution with bias, residual and activation, over two spatial axes, channels last.
struct ConvKernel: Kernel {
  private let conv: vn_conv
  /// How the products are formed.
  private enum Form { case direct, winograd, grouped }
  private let form: Form
  /// The packed weights; nil when they are the second operand, already packed.
  private let weights: PackedWeights?
  private let bias: Tensor?
  /// Positions among the step's pointers.
  private let biasOperand: Int?
  private let residualOperand: Int?
  /// That of factors of the input's channels.
  private var factorsOperand: Int?
  /// Floats from one image's factors to the next one's; 0 where all have the same.
  private var factorsPitch = 0
  private var outputOperand: Int
  private let normalization: ConvNormalization?

  static func choose(_ fused: FusedConv, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image,
      var conv = convolution(
        of: fused, context.inputs, context.outputs[0], pitch: context.storage.result.floatPitch)
    else { return nil }
    if let pitch = context.storage.pitch(ofInput: 0) {
      (conv.x_pixel, conv.x_row, conv.x_image) = strides(pitch, x.h, x.w)
    }
    if let pitch = context.storage.pitch(ofInput: 3) {
      (conv.r_pixel, conv.r_row, conv.r_image) = strides(pitch, Int(conv.oh), Int(conv.ow))
    }
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    let isWinograd = context.machine.prefersWinograd(
      conv, pays: context.frozen.filters != nil ? vn_winograd_pays : vn_winograd_pays_in_training,
      applies: context.frozen.filters != nil ? vn_winograd_applies : vn_winograd_applies_in_training)
    let isGrouped =
      context.frozen.filters != nil && context.group.normalization == nil
      && context.machine.prefersGrouped(conv)
    let form: Form = isWinograd ? .winograd : isGrouped ? .grouped : .direct
    let weights = context.frozen.filters.map {
      switch form {
      case .winograd: packWinograd(conv, $0, context)
      case .grouped: packGrouped(conv, $0, context)
      case .direct: pack(conv, $0, context)
      }
    }
    if weights == nil { operands.append((1, .filters(groups: fused.conv.groups))) }
    let bias = context.inputs.count > 2 ? context.frozen[2] : nil
    var (biasOperand, residualOperand): (Int?, Int?)
    if !context.isAbsent(2), bias == nil {
      biasOperand = operands.count
      operands.append((2, .rowMajor))
    }
    if fused.hasResidual {
      residualOperand = operands.count
      operands.append((3, .channelsLast))
    }
    let kernel = ConvKernel(
      conv: conv, form: form, weights: weights, bias: bias?.aligned, biasOperand: biasOperand,
      residualOperand: residualOperand, outputOperand: operands.count,
      normalization: ConvNormalization(
        context.group.normalization, behind: operands.count + 1, channels: Int(conv.o)))
    let name = isWinograd ? "winograd" : fused.conv.groups == x.c && x.c > 1 ? "depthwise" : "conv"
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .channelsLast, name: name)
  }

  /// The kernel for nodes that `ScaledConvolutions` found: a product of an image and factors of its channels, and a convolution with
  /// frozen weights that reads it. Nil for other nodes.
  static func scaled(_ contexts: [NodeContext]) -> KernelChoice? {
    guard contexts.count == 2, let fused = contexts[1].node.operation as? FusedConv,
      let image = ScaledConvolutions.imageInput(of: contexts[0].node, contexts[0].inputs),
      var choice = choose(fused, contexts[1]), var kernel = choice.kernel as? ConvKernel
    else { return nil }
    // The inputs of both nodes follow each other.
    choice.operands = choice.operands.map { ($0.input == 0 ? image : $0.input + 2, $0.layout) }
    kernel.factorsOperand = choice.operands.count
    choice.operands.append((1 - image, .rowMajor))
    let factors = contexts[0].inputs[1 - image]?.shape
    kernel.factorsPitch = factors?.rank == 4 && factors?[0] != 1 ? Int(kernel.conv.c) : 0
    kernel.outputOperand = choice.operands.count
    choice.kernel = kernel
    return choice
  }

  /// A node's convolution of float32 images, with its activation; nil if its values are not such images or
  /// there is nothing to compute.
  ///
  /// - Parameter pitch: floats from pixel to pixel of the result, if it is part of a tensor with more
  ///   channels.
  static func convolution(of fused: FusedConv, _ inputs: [Fact?], _ output: Fact, pitch: Int? = nil)
    -> vn_conv?
  {
    guard let x = inputs[0]?.image, let w = inputs[1], w.type == .float32, let y = output.image,
      var conv = convolution(fused.conv, x, y)
    else { return nil }
    (conv.activation, conv.alpha, conv.beta) = UnaryKernel.function(of: fused.activation)
    if let pitch { (conv.y_pixel, conv.y_row, conv.y_image) = strides(pitch, y.h, y.w) }
    return conv
  }

  /// The convolution that a node is, as above; nil for other operators.
  static func convolution(of node: Graph.Node, in graph: Graph) -> vn_conv? {
    (node.operation as? FusedConv).flatMap {
      convolution(of: $0, graph.inputFacts(of: node), graph.fact(node.outputs[0]))
    }
  }

  /// The extents of a convolution from x to y, both channels last; nil when there is nothing to compute.
  static func convolution(
    _ op: Conv, _ x: (n: Int, c: Int, h: Int, w: Int), _ y: (n: Int, c: Int, h: Int, w: Int)
  ) -> vn_conv? {
    let window = op.window
    guard x.c > 0, x.h > 0, x.w > 0, y.h > 0, y.w > 0, let resolved = try? window.resolved([x.h, x.w])
    else { return nil }
    var conv = vn_conv()
    (conv.n, conv.h, conv.w, conv.c) = (Int32(x.n), Int32(x.h), Int32(x.w), Int32(x.c))
    (conv.oh, conv.ow, conv.o) = (Int32(y.h), Int32(y.w), Int32(y.c))
    (conv.kh, conv.kw) = (Int32(window.kernel[0]), Int32(window.kernel[1]))
    (conv.stride_h, conv.stride_w) = (Int32(window.strides[0]), Int32(window.strides[1]))
    (conv.dilation_h, conv.dilation_w) = (Int32(window.dilations[0]), Int32(window.dilations[1]))
    (conv.pad_top, conv.pad_left) = (Int32(resolved.before[0]), Int32(resolved.before[1]))
    conv.groups = Int32(op.groups)
    (conv.x_pixel, conv.x_row, conv.x_image) = Self.strides(x.c, x.h, x.w)
    (conv.y_pixel, conv.y_row, conv.y_image) = Self.strides(y.c, y.h, y.w)
    (conv.r_pixel, conv.r_row, conv.r_image) = (conv.y_pixel, conv.y_row, conv.y_image)
    return conv
  }

  /// Packs weights O×C/G×KH×KW, once per model and instruction set.
  static func pack(_ conv: vn_conv, _ filters: FrozenFilters, _ context: NodeContext) -> PackedWeights {
    var conv = conv
    let (kernels, outputs) = (context.kernels, Int(conv.o))
    let key = "conv \(context.node.name) \(vn_kernels_isa(kernels).rawValue) \(filters.shape)"
    let depth = filters.weights.elementCount / max(outputs, 1)
    // Packs some outputs at a time, so that the source of packed ones need not stay in memory.
    let parts = filters.parts(isWhole: conv.groups > 1)
    let floats = vn_conv_packed_floats(kernels, &conv)
    return context.frozen.store.packed(key, floats: floats, parts: parts.count) { target, index, scratch in
      var part = conv
      part.o = Int32(parts[index].count)
      filters.withFloats(of: parts[index], scratch: scratch) {
        vn_conv_pack(kernels, &part, $0, target + parts[index].lowerBound * depth)
      }
    }
  }

  /// The same for Winograd's algorithm.
  static func packWinograd(_ conv: vn_conv, _ filters: FrozenFilters, _ context: NodeContext)
    -> PackedWeights
  {
    var conv = conv
    let kernels = context.kernels
    // The size of tiles may depend on the batch size.
    let kind = "winograd \(vn_winograd_side_of(&conv))"
    let key = "\(kind) \(context.node.name) \(vn_kernels_isa(kernels).rawValue) \(filters.shape)"
    let parts = filters.parts(isWhole: false)
    let floats = vn_winograd_packed_floats(kernels, &conv)
    return context.frozen.store.packed(key, floats: floats, parts: parts.count) { target, index, scratch in
      var conv = conv
      filters.withFloats(of: parts[index], scratch: scratch) {
        vn_winograd_pack(kernels, &conv, parts[index].lowerBound, parts[index].count, $0, target)
      }
    }
  }

  /// The same for narrow groups, several of which are in a vector.
  private static func packGrouped(_ conv: vn_conv, _ filters: FrozenFilters, _ context: NodeContext)
    -> PackedWeights
  {
    var conv = conv
    let kernels = context.kernels
    let key = "grouped \(context.node.name) \(vn_kernels_isa(kernels).rawValue) \(filters.shape)"
    let floats = vn_grouped_packed_floats(kernels, &conv)
    return context.frozen.store.packed(key, floats: floats) { target, _, scratch in
      var conv = conv
      filters.withFloats(of: 0..<filters.shape[0], scratch: scratch) {
        vn_grouped_pack(kernels, &conv, $0, target)
      }
    }
  }

  /// Elements from pixel to pixel, row to row and image to image, for dense images with `c` elements per
  /// pixel.
  static func strides(_ c: Int, _ h: Int, _ w: Int) -> (Int64, Int64, Int64) {
    (Int64(c), Int64(c * w), Int64(c * w * h))
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    if form == .grouped { return vn_grouped_scratch_floats(kernels, &conv, Int32(threads)) }
    if form == .winograd {
      return weights == nil
        ? vn_winograd_training_scratch_floats(kernels, &conv, Int32(threads))
        : vn_winograd_scratch_floats(kernels, &conv, Int32(threads))
    }
    if let normalization {
      return vn_conv_run_normalizing_scratch_floats(kernels, &conv, Int32(threads))
        + normalization.scratchFloats
    }
    if factorsOperand != nil { conv.n = 1 }
    return vn_conv_scratch_floats(kernels, &conv, Int32(threads)) + scaledFloats(kernels)
  }

  /// Floats of scratch for weights times factors, a whole number of cache lines.
  private func scaledFloats(_ kernels: OpaquePointer) -> Int {
    var conv = conv
    return factorsOperand == nil ? 0 : (vn_conv_packed_floats(kernels, &conv) + 15) / 16 * 16
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    if form == .grouped { return ConvolutionExplanation.grouped(conv, bias: bias, kernels: kernels) }
    if form == .winograd {
      return ConvolutionExplanation.winograd(conv, isFrozen: weights != nil, bias: bias, kernels: kernels)
    }
    var explanation = ConvolutionExplanation.of(conv, packed: weights, bias: bias, kernels: kernels)
    if let normalization { explanation.details += ", " + normalization.details }
    if factorsOperand != nil { explanation.details += ", weights times the factors of channels" }
    return explanation
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    let packed = weights?.floats ?? UnsafePointer(context.floats(1))
    let residual = residualOperand.map { UnsafePointer(context.floats($0)) }
    let bias =
      biasOperand.map { UnsafePointer(context.floats($0)) }
      ?? bias.map(\.baseFloats)
    if form == .winograd, weights == nil {
      vn_winograd_training_run(
        context.kernels, &conv, context.floats(0), packed, bias, residual, context.floats(outputOperand),
        context.scratch, context.pool)
      return
    }
    if form == .grouped {
      vn_grouped_run(
        context.kernels, &conv, context.floats(0), packed, bias, residual, context.floats(outputOperand),
        context.scratch, context.pool)
      return
    }
    if form == .winograd {
      vn_winograd_run(
        context.kernels, &conv, context.floats(0), packed, bias, residual, context.floats(outputOperand),
        context.scratch, context.pool)
      return
    }
    if let normalization {
      normalization.withNormalization(context, operand: context.floats(0), scratch: context.scratch) {
        vn_conv_run_normalizing(
          context.kernels, &conv, $0, context.floats(0), packed, context.floats(outputOperand),
          context.scratch + normalization.scratchFloats, context.pool)
      }
      return
    }
    guard factorsOperand == nil else { return runScaled(context, conv, packed, bias, residual) }
    vn_conv_run(
      context.kernels, &conv, context.floats(0), packed, bias, residual, context.floats(outputOperand),
      context.scratch, context.pool)
  }

  /// One image after the other, since each has factors of its own.
  private func runScaled(
    _ context: borrowing KernelContext, _ conv: vn_conv, _ packed: UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>?, _ residual: UnsafePointer<Float>?
  ) {
    guard let factorsOperand else { return }
    var single = conv
    single.n = 1
    let own = scaledFloats(context.kernels)
    for image in 0..<Int(conv.n) {
      vn_conv_scale_inputs(
        context.kernels, &single, packed, context.floats(factorsOperand) + image * factorsPitch,
        context.scratch, context.pool)
      vn_conv_run(
        context.kernels, &single, context.floats(0) + image * Int(conv.x_image), context.scratch, bias,
        residual.map { $0 + image * Int(conv.r_image) },
        context.floats(outputOperand) + image * Int(conv.y_image),
        context.scratch + own, context.pool)
    }
  }
}
