import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Maximum or average over sliding windows, channels last.
struct PoolKernel: Kernel {
  private let window: vn_window
  private let isMaximum: Bool
  /// Whether input and output are stored as bfloat16.
  private let isBFloat16: Bool

  static func choose(_ pool: some Pooling, _ context: NodeContext, isMaximum: Bool) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, let y = context.outputImage, context.outputs.count == 1,
      x.c > 0, x.h > 0, x.w > 0, var window = window(of: pool, x, y)
    else { return nil }
    let isBFloat16 = context.storage.halves.x && context.storage.halves.y
    if isBFloat16 {
      let pitch = Int(vn_bconv_pitch(window.c))
      (window.x_pixel, window.x_row, window.x_image) = ConvKernel.strides(pitch, x.h, x.w)
      (window.y_pixel, window.y_row, window.y_image) = ConvKernel.strides(pitch, y.h, y.w)
    }
    let kernels = PoolKernel(window: window, isMaximum: isMaximum, isBFloat16: isBFloat16)
    return KernelChoice(
      kernel: kernels, operands: [(0, .channelsLast)], outputLayout: .channelsLast,
      name: isBFloat16 ? "bf16 max pool" : isMaximum ? "max pool" : "average pool")
  }

  /// Whether a node can pool values stored as bfloat16: only maxima, for which rounding before or after gives
  /// the same.
  static func canRound(_ node: Graph.Node, in graph: Graph) -> Bool {
    guard let pool = node.operation as? MaxPool, node.outputs.count == 1, let value = node.inputs[0],
      let x = graph.fact(value).image, let y = graph.fact(node.outputs[0]).image
    else { return false }
    return x.c > 0 && x.c % 2 == 0 && x.h > 0 && x.w > 0 && window(of: pool, x, y) != nil
  }

  /// The window of a pooling from x to y; nil if it does not have two spatial axes or does not fit.
  static func window(of pool: some Pooling, _ x: ImageExtents, _ y: ImageExtents) -> vn_window? {
    let (shape, kernel) = (pool.window, pool.window.kernel)
    guard kernel.count == 2, let resolved = try? shape.resolved([x.h, x.w], ceiling: pool.ceiling),
      resolved.output == [y.h, y.w]
    else { return nil }
    var window = GlobalPoolKernel.window(x, y)
    (window.kh, window.kw) = (Int32(kernel[0]), Int32(kernel[1]))
    (window.stride_h, window.stride_w) = (Int32(shape.strides[0]), Int32(shape.strides[1]))
    (window.dilation_h, window.dilation_w) = (Int32(shape.dilations[0]), Int32(shape.dilations[1]))
    (window.pad_top, window.pad_left) = (Int32(resolved.before[0]), Int32(resolved.before[1]))
    (window.pad_bottom, window.pad_right) = (Int32(resolved.after[0]), Int32(resolved.after[1]))
    window.count_include_pad = (pool as? AveragePool)?.countsPadding ?? false
    return window
  }

  /// The extents of a max pooling as those of a depthwise convolution; nil for other operators.
  static func convolution(of operation: any Operator, _ inputs: [Fact?], _ outputs: [Fact]) -> vn_conv? {
    guard let pool = operation as? MaxPool, outputs.count == 1, let fact = inputs[0], fact.type == .float32,
      let x = fact.image, let y = outputs[0].image, x.c > 1, let window = window(of: pool, x, y)
    else { return nil }
    var conv = vn_conv()
    (conv.n, conv.h, conv.w, conv.c) = (window.n, window.h, window.w, window.c)
    (conv.oh, conv.ow, conv.o, conv.groups) = (window.oh, window.ow, window.c, window.c)
    (conv.kh, conv.kw, conv.stride_h, conv.stride_w) = (
      window.kh, window.kw, window.stride_h, window.stride_w
    )
    (conv.dilation_h, conv.dilation_w) = (window.dilation_h, window.dilation_w)
    (conv.pad_top, conv.pad_left) = (window.pad_top, window.pad_left)
    (conv.x_pixel, conv.x_row, conv.x_image) = (window.x_pixel, window.x_row, window.x_image)
    (conv.y_pixel, conv.y_row, conv.y_image) = (window.y_pixel, window.y_row, window.y_image)
    return conv
  }

  func run(_ context: borrowing KernelContext) {
    var window = window
    if isBFloat16 {
      vn_bmax_pool(context.kernels, &window, context.pointers[0], context.pointers[1], context.pool)
    } else if isMaximum {
      vn_max_pool(context.kernels, &window, context.floats(0), context.floats(1), context.pool)
    } else {
      vn_average_pool(context.kernels, &window, context.floats(0), context.floats(1), context.pool)
    }
  }
}

/// Maximum or mean over all pixels, channels last.
struct GlobalPoolKernel: Kernel {
  private let window: vn_window
  private let isMaximum: Bool

  static func choose(_ context: NodeContext, isMaximum: Bool) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, x.c > 0, x.h * x.w > 0 else { return nil }
    return choice(x, isMaximum: isMaximum)
  }

  static func choice(_ x: (n: Int, c: Int, h: Int, w: Int), isMaximum: Bool) -> KernelChoice {
    let kernel = GlobalPoolKernel(window: window(x, (x.n, x.c, 1, 1)), isMaximum: isMaximum)
    // With one pixel, both layouts have the same bytes.
    return KernelChoice(
      kernel: kernel, operands: [(0, .channelsLast)], outputLayout: .rowMajor, name: "global pool")
  }

  static func window(_ x: (n: Int, c: Int, h: Int, w: Int), _ y: (n: Int, c: Int, h: Int, w: Int))
    -> vn_window
  {
    var window = vn_window()
    (window.n, window.h, window.w, window.c) = (Int32(x.n), Int32(x.h), Int32(x.w), Int32(x.c))
    (window.oh, window.ow) = (Int32(y.h), Int32(y.w))
    (window.kh, window.kw) = (Int32(x.h), Int32(x.w))
    (window.stride_h, window.stride_w, window.dilation_h, window.dilation_w) = (1, 1, 1, 1)
    (window.x_pixel, window.x_row, window.x_image) = (Int64(x.c), Int64(x.c * x.w), Int64(x.c * x.w * x.h))
    (window.y_pixel, window.y_row, window.y_image) = (Int64(y.c), Int64(y.c * y.w), Int64(y.c * y.w * y.h))
    return window
  }

  func run(_ context: borrowing KernelContext) {
    var window = window
    if isMaximum {
      vn_global_max_pool(context.kernels, &window, context.floats(0), context.floats(1), context.pool)
    } else {
      vn_global_average_pool(context.kernels, &window, context.floats(0), context.floats(1), context.pool)
    }
  }
}
