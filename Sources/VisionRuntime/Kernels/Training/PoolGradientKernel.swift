import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The gradient of pooling under sliding windows or over whole channels, channels last.
struct PoolGradientKernel: Kernel {
  private let window: vn_window
  private let isMaximum: Bool

  static let names = [
    "MaxPoolGradient", "AveragePoolGradient", "GlobalMaxPoolGradient", "MeanGradient",
  ]

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let g = context.inputs[0]?.image, let x = context.outputImage, context.outputs.count == 1, x.c > 0,
      x.h > 0, x.w > 0, g.h > 0, g.w > 0
    else { return nil }
    let name = type(of: context.node.operation).name
    let isMaximum = name.contains("Max")
    let window: vn_window
    if name.hasPrefix("Global") || name == "MeanGradient" {
      // A mean over something else than whole channels is none of pooling.
      guard g.h == 1, g.w == 1, g.n == x.n, g.c == x.c else { return nil }
      window = GlobalPoolKernel.window(x, g)
    } else {
      guard let sliding = PoolKernel.window(context, x, g) else { return nil }
      window = sliding
    }
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    if isMaximum { operands.append((name.hasPrefix("Global") ? 1 : 2, .channelsLast)) }
    return KernelChoice(
      kernel: PoolGradientKernel(window: window, isMaximum: isMaximum), operands: operands,
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
