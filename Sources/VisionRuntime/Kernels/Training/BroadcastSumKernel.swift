import CVisionKernels
import VisionGraph
import VisionTensor

/// Sums along any axes, one run of neighboring axes after the other: what undoes broadcasting.
struct BroadcastSumKernel: Kernel {
  /// Sums along the middle of outer × count × inner.
  private struct Pass {
    var outer: Int
    var count: Int
    var inner: Int
  }

  /// Beginning with the innermost run of axes.
  private let passes: [Pass]
  /// Floats of each of the two tensors between passes.
  private let between: Int

  static func choose(_ op: SumToShape, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0] else { return nil }
    let (y, shape) = (context.outputs[0].shape, x.shape)
    let added = shape.rank - y.rank
    guard added >= 0 else { return nil }
    return choose(context) { $0 < added || y[$0 - added] != shape[$0] }
  }

  /// The kernel for a sum over the axes that `isSummed` says.
  static func choose(_ context: NodeContext, isSummed: (Int) -> Bool) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, context.outputs.count == 1, x.shape.elementCount > 0,
      context.outputs[0].shape.elementCount > 0
    else { return nil }
    // In the order of memory; what remains of an image is in the same order only if one axis is left of its channels and places.
    let order = Strides.order(x.shape.rank, context.layouts[0])
    let kept = (1..<max(x.shape.rank, 1)).filter { !isSummed($0) && x.shape[$0] > 1 }
    let layout: Layout =
      context.layouts[0] == .channelsLast && (kept == [1] || !kept.contains(1)) ? .channelsLast : .rowMajor
    let axes = layout == .channelsLast ? order : Array(0..<x.shape.rank)
    let kernel = BroadcastSumKernel(extents: axes.map { x.shape[$0] }, isSummed: axes.map(isSummed))
    return KernelChoice(
      kernel: kernel, operands: [(0, layout)], outputLayout: .rowMajor, name: "sums")
  }

  private init(extents: [Int], isSummed: [Bool]) {
    // Neighboring axes with the same fate are one.
    var runs: [(extent: Int, isSummed: Bool)] = []
    for (extent, isSummed) in zip(extents, isSummed) where extent != 1 {
      if runs.last?.isSummed == isSummed {
        runs[runs.count - 1].extent *= extent
      } else {
        runs.append((extent, isSummed))
      }
    }
    var passes: [Pass] = []
    var largest = 0
    while let last = runs.lastIndex(where: { $0.isSummed }) {
      let outer = runs[..<last].reduce(1) { $0 * $1.extent }
      let inner = runs[(last + 1)...].reduce(1) { $0 * $1.extent }
      passes.append(Pass(outer: outer, count: runs[last].extent, inner: inner))
      largest = max(largest, outer * inner)
      runs.remove(at: last)
    }
    // Nothing is summed: a sum of one.
    if passes.isEmpty { passes = [Pass(outer: 1, count: 1, inner: runs.reduce(1) { $0 * $1.extent })] }
    self.passes = passes
    between = (largest + 15) / 16 * 16
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    between * min(passes.count - 1, 2)
      + (passes.map { $0.outer == 1 ? vn_column_sums_scratch_floats($0.count, $0.inner) : 0 }.max() ?? 0)
  }

  func run(_ context: borrowing KernelContext) {
    let free = context.scratch + between * min(passes.count - 1, 2)
    var source = context.floats(0)
    // By index, since without optimization an iterator would allocate.
    for index in passes.indices {
      let pass = passes[index]
      let target = index == passes.count - 1 ? context.floats(1) : context.scratch + index % 2 * between
      if pass.outer == 1, pass.inner > 1 {
        vn_column_sums(context.kernels, pass.count, pass.inner, source, target, free, context.pool)
      } else {
        vn_reduce(
          context.kernels, VN_SUM, pass.outer, pass.count, pass.inner, source, target, context.pool)
      }
      source = target
    }
  }
}
