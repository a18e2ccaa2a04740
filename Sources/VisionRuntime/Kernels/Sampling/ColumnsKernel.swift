import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Columns laid over planes, row-major.
struct ColumnsKernel: Kernel {
  private let planes: vn_planes

  static func choose(_ op: Col2Im, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, (3...5).contains(context.outputs[0].shape.rank),
      let geometry = try? op.geometry(context.inputs, x.shape)
    else { return nil }
    let y = geometry.output
    let planes = vn_planes(
      y[0] * y[1], Array(y.dimensions.dropFirst(2)), geometry.window, outputs: geometry.resolved.output,
      before: geometry.resolved.before, after: geometry.resolved.after)
    return KernelChoice(
      kernel: ColumnsKernel(planes: planes), operands: [(0, .rowMajor)], outputLayout: .rowMajor,
      name: "add columns")
  }

  func run(_ context: borrowing KernelContext) {
    var planes = planes
    vn_add_columns(&planes, context.floats(0), nil, context.floats(1), context.pool)
  }
}

/// A transposed convolution over one to three axes, row-major: columns are a matrix product, which are then laid over the planes.
struct TransposedColumnsKernel: Kernel {
  /// What `part` output channels of one group are made of.
  private let planes: vn_planes
  private let images: Int
  private let groups: Int
  /// Channels of a group, of x and of the result.
  private let inputs: Int
  private let outputs: Int
  private let points: Int
  private let taps: Int
  private let part: Int
  private let hasBias: Bool

  /// Floats of columns that are held at a time, unless one channel has more.
  private static let limit = 1 << 22

  static func choose(_ op: ConvTranspose, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let w = context.inputs[1], x.type == .float32,
      (3...5).contains(x.shape.rank),
      x.shape.elementCount > 0, w.shape.elementCount > 0, context.outputs[0].shape.elementCount > 0,
      let resolved = try? op.resolved(Array(x.shape.dimensions.dropFirst(2)))
    else { return nil }
    let (y, spatial) = (context.outputs[0].shape, Array(x.shape.dimensions.dropFirst(2)))
    let (points, taps, outputs) = (spatial.reduce(1, *), op.window.kernel.reduce(1, *), w.shape[1])
    let part = min(max(Self.limit / (points * taps), 1), outputs)
    let planes = vn_planes(
      part, Array(y.dimensions.dropFirst(2)), op.window, outputs: spatial,
      before: resolved.before, after: resolved.before)
    let kernel = TransposedColumnsKernel(
      planes: planes, images: x.shape[0], groups: op.groups, inputs: x.shape[1] / op.groups, outputs: outputs,
      points: points, taps: taps, part: part, hasBias: !context.isAbsent(2))
    return KernelChoice(
      kernel: kernel, operands: context.allRowMajor(), outputLayout: .rowMajor, name: "conv transpose")
  }

  private var columnFloats: Int { (part * taps * points + 15) / 16 * 16 }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    columnFloats + vn_gemm_scratch_floats(kernels, part * taps, points, inputs, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(algorithm: "columns", reason: "no kernel with channels last has these axes")
  }

  func run(_ context: borrowing KernelContext) {
    var planes = planes
    let plane = Int(planes.extents.0 * planes.extents.1 * planes.extents.2)
    let y = context.floats(hasBias ? 3 : 2)
    let bias = hasBias ? UnsafePointer(context.floats(2)) : nil
    for image in 0..<images {
      for group in 0..<groups {
        let x = context.floats(0) + (image * groups + group) * inputs * points
        let w = context.floats(1) + group * inputs * outputs * taps
        var first = 0
        while first < outputs {
          planes.planes = min(part, outputs - first)
          let rows = planes.planes * taps
          vn_gemm(
            context.kernels, rows, points, inputs, 1, w + first * taps, Int64(outputs * taps), true, x,
            Int64(points), false, 0, context.scratch, Int64(points), context.scratch + columnFloats,
            context.pool)
          let channel = group * outputs + first
          vn_add_columns(
            &planes, context.scratch, bias.map { $0 + channel },
            y + (image * groups * outputs + channel) * plane, context.pool)
          first += part
        }
      }
    }
  }
}

extension Col2Im: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ColumnsKernel.choose(self, context) }
}
