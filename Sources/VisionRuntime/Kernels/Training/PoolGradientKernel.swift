import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The gradient of pooling with sliding windows or over whole channels, channels last.
struct PoolGradientKernel: Kernel {
  private let window: vn_window
  private let isMaximum: Bool

  /// The gradient of pooling with a sliding window.
  static func choose(_ pool: some Pooling, _ context: NodeContext, isMaximum: Bool) -> KernelChoice? {
    guard let (g, x) = images(context), let window = PoolKernel.window(of: pool, x, g) else { return nil }
    return choice(window, elements: isMaximum ? 2 : nil)
  }

  /// The gradient of a maximum or mean over whole channels.
  static func global(_ context: NodeContext, isMaximum: Bool) -> KernelChoice? {
    // A mean over anything other than whole channels is not a pooling.
    guard let (g, x) = images(context), g.h == 1, g.w == 1, g.n == x.n, g.c == x.c else { return nil }
    return choice(GlobalPoolKernel.window(x, g), elements: isMaximum ? 1 : nil)
  }

  /// The extents of the gradients of result and input.
  private static func images(_ context: NodeContext) -> (g: ImageExtents, x: ImageExtents)? {
    guard let g = context.inputs[0]?.image, let x = context.outputImage, context.outputs.count == 1, x.c > 0,
      x.h > 0, x.w > 0, g.h > 0, g.w > 0
    else { return nil }
    return (g, x)
  }

  /// - Parameter elements: for a maximum, the input with the pooled elements; nil for a mean.
  private static func choice(_ window: vn_window, elements: Int?) -> KernelChoice {
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    if let elements { operands.append((elements, .channelsLast)) }
    return KernelChoice(
      kernel: PoolGradientKernel(window: window, isMaximum: elements != nil), operands: operands,
      outputLayout: .channelsLast, name: "pool backward")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var window = window
    return vn_pool_backward_scratch_floats(&window, Int32(threads))
  }

  func run(_ context: borrowing KernelContext) {
    var window = window
    if isMaximum {
      vn_max_pool_backward(
        context.kernels, &window, context.floats(0), context.floats(1), context.floats(2), context.scratch,
        context.pool)
    } else {
      vn_average_pool_backward(
        context.kernels, &window, context.floats(0), context.floats(1), context.scratch, context.pool)
    }
  }
}
