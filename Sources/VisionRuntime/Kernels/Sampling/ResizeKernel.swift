import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Resizing by weights that are known beforehand, along one axis or two neighboring ones at a time.
struct ResizeKernel: Kernel {
  /// What is done along one axis or two.
  private struct Pass {
    var resize: vn_resize
    var places: [Int32]
    var weights: [Float]
    var outputs: Int
  }

  private let passes: [Pass]
  /// Floats of each of the two tensors between passes.
  private let between: Int

  static func choose(_ op: Resize, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], TableKernel.fits(context),
      let axes = try? op.knownAxes(context.inputs, x.shape)
    else { return nil }
    if op.sampling.mode == .nearest, op.sampling.coordinates != .tensorFlowCropAndResize {
      return TableKernel.choose(
        context, sources: axes.map { op.sampling.taps($0).map { $0?[0].index ?? 0 } })
    }
    guard x.type == .float32, x.shape.rank > 0 else { return nil }
    let layout = context.layouts[0]
    let order = Strides.order(x.shape.rank, layout)
    let kernel = ResizeKernel(
      order.map { op.sampling.taps(axes[$0]) }, from: order.map { x.shape[$0] },
      fill: op.sampling.extrapolation)
    return KernelChoice(kernel: kernel, operands: [(0, layout)], outputLayout: layout, name: "resize")
  }

  /// The transpose of resizing: along each axis, every element of the result is made of the elements of the gradient
  /// that it had a part in.
  static func choose(_ op: ResizeGradient, _ context: NodeContext) -> KernelChoice? {
    guard let g = context.inputs[0], g.type == .float32, g.shape.elementCount > 0, g.shape.rank > 0,
      TableKernel.fits(context)
    else { return nil }
    let shape = context.outputs[0].shape
    let inputs = [nil] + context.inputs.dropFirst(2)
    guard let axes = try? op.resize.knownAxes(inputs, shape) else { return nil }
    let layout = context.layouts[0]
    let order = Strides.order(shape.rank, layout)
    let taps = order.map { axis in transposed(op.resize.sampling.taps(axes[axis]), extent: shape[axis]) }
    let kernel = ResizeKernel(taps, from: order.map { g.shape[$0] }, fill: 0)
    return KernelChoice(kernel: kernel, operands: [(0, layout)], outputLayout: layout, name: "resize")
  }

  private static func transposed(_ taps: ResizeSampling.Taps, extent: Int) -> ResizeSampling.Taps {
    var result = [[(index: Int, weight: Double)]](repeating: [], count: extent)
    for (index, taps) in taps.enumerated() {
      for tap in taps ?? [] { result[tap.index].append((index, tap.weight)) }
    }
    return result
  }

  /// - Parameters:
  ///   - taps: for each axis, what each of its outputs is made of; nil for the fill.
  ///   - extents: of the input; the axes are those in memory.
  private init(_ taps: [ResizeSampling.Taps], from extents: [Int], fill: Float) {
    var (passes, extents): ([Pass], [Int]) = ([], extents)
    var axis = 0
    func changes(_ axis: Int) -> Bool {
      axis < taps.count && !Self.isIdentity(taps[axis], extent: extents[axis])
    }
    while axis < taps.count {
      // The last pass copies where nothing is resized at all.
      guard changes(axis) || passes.isEmpty && axis == taps.count - 1 else {
        axis += 1
        continue
      }
      let isPair = changes(axis + 1)
      let w = isPair ? axis + 1 : axis
      let rows: ResizeSampling.Taps = isPair ? taps[axis] : [[(0, 1)]]
      let (places, weights) = Self.flattened([rows, taps[w]])
      let resize = vn_resize(
        outer: extents[..<axis].reduce(1, *), h: isPair ? extents[axis] : 1, w: extents[w],
        inner: extents[(w + 1)...].reduce(1, *), oh: rows.count, ow: taps[w].count, fill: fill)
      for changed in axis...w { extents[changed] = taps[changed].count }
      passes.append(
        Pass(resize: resize, places: places, weights: weights, outputs: extents.reduce(1, *)))
      axis = w + 1
    }
    self.passes = passes
    between = ((passes.dropLast().map(\.outputs).max() ?? 0) + 15) / 16 * 16
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
    let rows = passes.map { pass in
      var resize = pass.resize
      return vn_resize_scratch_floats(&resize, Int32(threads))
    }
    return between * min(passes.count - 1, 2) + (rows.max() ?? 0)
  }

  func run(_ context: borrowing KernelContext) {
    let free = context.scratch + between * min(passes.count - 1, 2)
    var source = context.floats(0)
    // By index, since without optimization an iterator would allocate.
    for index in passes.indices {
      var resize = passes[index].resize
      let target = index == passes.count - 1 ? context.floats(1) : context.scratch + index % 2 * between
      vn_resize_images(
        &resize, passes[index].places, passes[index].weights, source, target, free, context.pool)
      source = target
    }
  }
}

extension Resize: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ResizeKernel.choose(self, context) }
}

extension ResizeGradient: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ResizeKernel.choose(self, context) }
}
