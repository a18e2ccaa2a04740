import CVisionKernels
import VisionGraph
import VisionTensor

/// Pooling in row-major order: over one and three axes, and where the places of maxima are wanted.
struct PlanePoolKernel: Kernel {
  private let planes: vn_planes
  private let wantsPlaces: Bool

  /// One output: maxima or averages.
  static func choose(_ pool: some Pooling, _ context: NodeContext, isMaximum: Bool) -> KernelChoice? {
    planes(of: pool, context, isMaximum: isMaximum, countsColumns: false).map {
      choice(PlanePoolKernel(planes: $0, wantsPlaces: false))
    }
  }

  /// Maxima and their places.
  static func choose(_ op: MaxPoolWithIndices, _ context: NodeContext) -> KernelChoice? {
    planes(of: op.pool, context, isMaximum: true, countsColumns: op.countsColumns).map {
      choice(PlanePoolKernel(planes: $0, wantsPlaces: true))
    }
  }

  private static func choice(_ kernel: PlanePoolKernel) -> KernelChoice {
    KernelChoice(kernel: kernel, operands: [(0, .rowMajor)], outputLayout: .rowMajor, name: "pool planes")
  }

  private static func planes(
    of pool: some Pooling, _ context: NodeContext, isMaximum: Bool, countsColumns: Bool
  ) -> vn_planes? {
    guard let x = context.inputs[0], x.type == .float32, (3...5).contains(x.shape.rank) else { return nil }
    let (spatial, window) = (Array(x.shape.dimensions.dropFirst(2)), pool.window)
    guard let resolved = try? window.resolved(spatial, ceiling: pool.ceiling) else { return nil }
    let counts =
      countsColumns ? spatial.indices.map { spatial[..<$0].reduce(1, *) } : Shape(spatial).strides
    var planes = vn_planes(
      x.shape[0] * x.shape[1], spatial, window, outputs: resolved.output, before: resolved.before,
      after: resolved.after, counts: counts)
    planes.maximum = isMaximum
    planes.count_include_pad = (pool as? AveragePool)?.countsPadding ?? false
    return planes
  }

  func run(_ context: borrowing KernelContext) {
    var planes = planes
    let places = wantsPlaces ? context.pointers[2].assumingMemoryBound(to: Int64.self) : nil
    vn_pool_planes(&planes, context.floats(0), context.floats(1), places, context.pool)
  }
}

extension MaxPoolWithIndices: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { PlanePoolKernel.choose(self, context) }
}
