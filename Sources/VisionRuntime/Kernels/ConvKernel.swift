import CVisionKernels
import VisionGraph
import VisionTensor

/// Convolution with bias, residual and activation, over two spatial axes, channels last.
struct ConvKernel: Kernel {
  private let conv: vn_conv
  private let weights: PackedWeights
  private let bias: Tensor?
  private let hasResidual: Bool

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let fused = context.node.operation as? FusedConv, let x = context.inputs[0]?.image,
      let y = context.outputImage, let weights = context.frozen[1], weights.elementType == .float32,
      x.c > 0, x.h > 0, x.w > 0, y.h > 0, y.w > 0
    else { return nil }
    let bias = context.inputs.count > 2 ? context.frozen[2] : nil
    if !context.isAbsent(2), bias == nil { return nil }
    let window = fused.conv.window
    guard let resolved = try? window.resolved([x.h, x.w]) else { return nil }
    var conv = vn_conv()
    (conv.n, conv.h, conv.w, conv.c) = (Int32(x.n), Int32(x.h), Int32(x.w), Int32(x.c))
    (conv.oh, conv.ow, conv.o) = (Int32(y.h), Int32(y.w), Int32(y.c))
    (conv.kh, conv.kw) = (Int32(window.kernel[0]), Int32(window.kernel[1]))
    (conv.stride_h, conv.stride_w) = (Int32(window.strides[0]), Int32(window.strides[1]))
    (conv.dilation_h, conv.dilation_w) = (Int32(window.dilations[0]), Int32(window.dilations[1]))
    (conv.pad_top, conv.pad_left) = (Int32(resolved.before[0]), Int32(resolved.before[1]))
    conv.groups = Int32(fused.conv.groups)
    (conv.x_pixel, conv.x_row, conv.x_image) = Self.strides(x.c, x.h, x.w)
    (conv.y_pixel, conv.y_row, conv.y_image) = Self.strides(y.c, y.h, y.w)
    (conv.r_pixel, conv.r_row, conv.r_image) = (conv.y_pixel, conv.y_row, conv.y_image)
    (conv.activation, conv.alpha, conv.beta) = UnaryKernel.function(of: fused.activation)
    let kernel = ConvKernel(
      conv: conv, weights: pack(conv, weights, context), bias: bias?.aligned, hasResidual: fused.hasResidual)
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    if fused.hasResidual { operands.append((3, .channelsLast)) }
    let name = fused.conv.groups == x.c && x.c > 1 ? "depthwise" : "conv"
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .channelsLast, name: name)
  }

  /// Packs weights O×C/G×KH×KW, once per model and instruction set.
  static func pack(_ conv: vn_conv, _ weights: Tensor, _ context: NodeContext) -> PackedWeights {
    var conv = conv
    let key = "conv \(context.node.name) \(vn_kernels_isa(context.kernels).rawValue) \(weights.shape)"
    return context.weights.packed(key, floats: vn_conv_packed_floats(context.kernels, &conv)) { target in
      // A range of a mapped file need not be aligned to its elements.
      weights.withAlignedFloats { vn_conv_pack(context.kernels, &conv, $0, target) }
    }
  }

  private static func strides(_ c: Int, _ h: Int, _ w: Int) -> (Int64, Int64, Int64) {
    (Int64(c), Int64(c * w), Int64(c * w * h))
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_conv_scratch_floats(kernels, &conv, Int32(threads))
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    let residual = hasResidual ? UnsafePointer(context.floats(1)) : nil
    let biasPointer = bias.map { UnsafePointer<Float>(OpaquePointer($0.storage.base + $0.byteOffset)) }
    vn_conv_run(
      context.kernels, &conv, context.floats(0), weights.floats, biasPointer, residual,
      context.floats(hasResidual ? 2 : 1), context.scratch, context.pool)
  }
}

extension Tensor {
  /// Calls `body` with the elements at an address that suits floats, copied if theirs does not.
  func withAlignedFloats(_ body: (UnsafePointer<Float>) -> Void) {
    withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      if Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0 {
        body(UnsafePointer<Float>(OpaquePointer(base)))
      } else {
        let copy = [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
          count = elementCount
        }
        copy.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
      }
    }
  }

  /// The same tensor at an address that suits its elements.
  var aligned: Tensor {
    if Int(bitPattern: storage.base + byteOffset) % elementType.byteCount == 0 { return self }
    return withUnsafeBytes { bytes in
      Tensor(elementType: elementType, shape: shape) { $0.copyMemory(from: bytes) }
    }
  }
}
