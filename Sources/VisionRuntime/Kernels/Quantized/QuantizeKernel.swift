import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Quantizes floats to bytes with one scale. Images with few channels are converted to channels last at the
/// same time.
struct QuantizeKernel: Kernel {
  private let quantization: AffineQuantization
  private let count: Int
  /// The extents if the layout changes.
  private let planes: (n: Int, c: Int, pixels: Int)?

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, context.outputs[0].type == .uint8,
      (context.node.operation as? QuantizeLinear)?.precision == nil, let quantization = scalars(context)
    else { return nil }
    let layout = context.layouts[0]
    if layout == .rowMajor, let image = x.image, (2...4).contains(image.c), x.shape.elementCount > 0 {
      let kernel = QuantizeKernel(
        quantization: quantization, count: x.shape.elementCount,
        planes: (image.n, image.c, image.h * image.w))
      return KernelChoice(
        kernel: kernel, operands: [(0, .rowMajor)], outputLayout: .channelsLast, name: "quantize")
    }
    let kernel = QuantizeKernel(quantization: quantization, count: x.shape.elementCount, planes: nil)
    return KernelChoice(kernel: kernel, operands: [(0, layout)], outputLayout: layout, name: "quantize")
  }

  /// Scale and zero point, if they are constant and the same for all elements.
  static func scalars(_ context: NodeContext) -> AffineQuantization? {
    guard let scale = context.frozen[1], scale.elementType == .float32, scale.elementCount == 1 else {
      return nil
    }
    if context.isAbsent(2) { return AffineQuantization(scale: scale.floats[0], zeroPoint: 0) }
    guard let zero = context.frozen[2], let byte = zero.values(as: UInt8.self)?.first else { return nil }
    return AffineQuantization(scale: scale.floats[0], zeroPoint: byte)
  }

  func run(_ context: borrowing KernelContext) {
    let zero = Int32(quantization.zeroPoint)
    if let planes {
      vn_quantize_nchw(
        context.kernels, planes.n, planes.c, planes.pixels, context.floats(0), quantization.scale, zero,
        context.bytes(1), context.pool)
    } else {
      vn_quantize(
        context.kernels, count, context.floats(0), quantization.scale, zero, context.bytes(1), context.pool)
    }
  }
}

/// Dequantizes bytes with one scale to floats.
struct DequantizeKernel: Kernel {
  private let quantization: AffineQuantization
  private let count: Int

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .uint8, context.outputs[0].type == .float32,
      let quantization = QuantizeKernel.scalars(context)
    else { return nil }
    let kernel = DequantizeKernel(quantization: quantization, count: x.shape.elementCount)
    return KernelChoice(
      kernel: kernel, operands: [(0, context.layouts[0])], outputLayout: context.layouts[0],
      name: "dequantize")
  }

  func run(_ context: borrowing KernelContext) {
    vn_dequantize(
      context.kernels, count, context.bytes(0), quantization.scale, Int32(quantization.zeroPoint),
      context.floats(1), context.pool)
  }
}

extension KernelContext {
  func bytes(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    pointers[index].assumingMemoryBound(to: UInt8.self)
  }
}
