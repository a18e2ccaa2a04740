import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Samples of x at the points of a grid.
struct GridSampleKernel: Kernel {
  private let grid: vn_grid

  static func choose(_ op: GridSample, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, context.inputs[1]?.type == .float32,
      x.shape.rank <= 5, context.outputs[0].shape.elementCount > 0
    else { return nil }
    let y = context.outputs[0].shape
    // Channels that follow each other are sampled together.
    let layout: Layout =
      x.shape.rank == 4 && (context.layouts[0] == .channelsLast || x.shape[1] >= 8)
      ? .channelsLast : .rowMajor
    let (from, to) = (Strides.of(x.shape, layout), Strides.of(y, layout))
    func three(_ list: some Sequence<Int>) -> (Int64, Int64, Int64) {
      let numbers = list.map { Int64($0) } + [1, 1, 1]
      return (numbers[0], numbers[1], numbers[2])
    }
    let grid = vn_grid(
      images: x.shape[0], points: y.dimensions.dropFirst(2).reduce(1, *), channels: x.shape[1],
      axes: Int32(x.shape.rank - 2), extents: three(x.shape.dimensions.dropFirst(2)),
      strides: three(from.dropFirst(2)), x_image: Int64(from[0]), x_channel: Int64(from[1]),
      y_image: Int64(to[0]), y_channel: Int64(to[1]), y_point: Int64(to[to.count - 1]),
      mode: op.sampling.mode.kernel, padding: op.sampling.padding.kernel,
      aligns_corners: op.sampling.alignsCorners)
    return KernelChoice(
      kernel: GridSampleKernel(grid: grid), operands: [(0, layout), (1, .rowMajor)], outputLayout: layout,
      name: "grid sample")
  }

  func run(_ context: borrowing KernelContext) {
    var grid = grid
    vn_grid_sample(&grid, context.floats(0), context.floats(1), context.floats(2), context.pool)
  }
}

/// The grid of an affine map.
struct AffineGridKernel: Kernel {
  private let extents: [Int64]
  private let images: Int
  private let alignsCorners: Bool

  static func choose(_ op: AffineGrid, _ context: NodeContext) -> KernelChoice? {
    guard context.inputs[0]?.type == .float32 else { return nil }
    let y = context.outputs[0].shape
    let kernel = AffineGridKernel(
      extents: y.dimensions.dropFirst().dropLast().map { Int64($0) }, images: y[0],
      alignsCorners: op.alignsCorners)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor)], outputLayout: .rowMajor, name: "affine grid")
  }

  func run(_ context: borrowing KernelContext) {
    vn_affine_grid(
      images, Int32(extents.count), extents, alignsCorners, context.floats(0), context.floats(1), context.pool
    )
  }
}

extension GridSampling.Mode {
  fileprivate var kernel: vn_grid_mode {
    switch self {
    case .nearest: VN_GRID_NEAREST
    case .linear: VN_GRID_LINEAR
    case .cubic: VN_GRID_CUBIC
    }
  }
}

extension GridSampling.Padding {
  fileprivate var kernel: vn_grid_padding {
    switch self {
    case .zeros: VN_GRID_ZEROS
    case .border: VN_GRID_BORDER
    case .reflection: VN_GRID_REFLECTION
    }
  }
}

extension GridSample: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { GridSampleKernel.choose(self, context) }
}

extension AffineGrid: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { AffineGridKernel.choose(self, context) }
}
