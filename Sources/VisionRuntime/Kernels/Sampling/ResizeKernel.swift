import CVisionKernels
import VisionGraph
import VisionTensor

/// Resizing along one axis or two neighboring ones, by weights that are known beforehand.
struct ResizeKernel: Kernel {
  private let resize: vn_resize
  private let places: [Int32]
  private let weights: [Float]

  static func choose(_ op: Resize, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], TableKernel.fits(context),
      let axes = try? op.knownAxes(context.inputs, x.shape)
    else { return nil }
    if op.sampling.mode == .nearest, op.sampling.coordinates != .tensorFlowCropAndResize {
      return TableKernel.choose(
        context, sources: axes.map { op.sampling.taps($0).map { $0?[0].index ?? 0 } })
    }
    guard x.type == .float32 else { return nil }
    return choose(axes.map { op.sampling.taps($0) }, fill: op.sampling.extrapolation, context, x.shape)
  }

  /// - Parameter taps: for each axis, what each of its outputs is made of; nil for the fill.
  private static func choose(
    _ taps: [ResizeSampling.Taps], fill: Float, _ context: NodeContext, _ x: Shape
  ) -> KernelChoice? {
    let layout = context.layouts[0]
    let order = Strides.order(x.rank, layout)
    let y = context.outputs[0].shape
    let changed = order.indices.filter { !isIdentity(taps[order[$0]], extent: x[order[$0]]) }
    guard let first = changed.first ?? order.indices.last, let last = changed.last ?? order.indices.last,
      last - first <= 1
    else { return nil }
    let (h, w) = (order[first], order[last])
    let rows = first == last ? [[(index: 0, weight: 1)]] : taps[h]
    let resize = vn_resize(
      outer: order[..<first].reduce(1) { $0 * x[$1] }, h: first == last ? 1 : x[h], w: x[w],
      inner: order[(last + 1)...].reduce(1) { $0 * x[$1] }, oh: first == last ? 1 : y[h], ow: y[w], fill: fill
    )
    let (places, weights) = flattened([rows, taps[w]])
    return KernelChoice(
      kernel: ResizeKernel(resize: resize, places: places, weights: weights), operands: [(0, layout)],
      outputLayout: layout, name: "resize")
  }

  private static func isIdentity(_ taps: ResizeSampling.Taps, extent: Int) -> Bool {
    taps.count == extent
      && taps.enumerated().allSatisfy { index, taps in
        taps?.count == 1 && taps?[0].index == index && taps?[0].weight == 1
      }
  }

  private static func flattened(_ axes: [ResizeSampling.Taps]) -> (places: [Int32], weights: [Float]) {
    var (places, weights): ([Int32], [Float]) = ([], [])
    for taps in axes {
      var count: Int32 = 0
      places.append(count)
      for taps in taps {
        count += Int32(taps?.count ?? 0)
        places.append(count)
      }
      let all = taps.compactMap { $0 }.joined()
      places += all.map { Int32($0.index) }
      weights += all.map { Float($0.weight) }
    }
    return (places, weights)
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var resize = resize
    return vn_resize_scratch_floats(&resize, Int32(threads))
  }

  func run(_ context: borrowing KernelContext) {
    var resize = resize
    vn_resize_images(
      &resize, places, weights, context.floats(0), context.floats(1), context.scratch, context.pool)
  }
}

extension Resize: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ResizeKernel.choose(self, context) }
}
