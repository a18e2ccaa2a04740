import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// A deformable convolution over two axes: columns of what its taps read, times the weights.
struct DeformConvKernel: Kernel {
  private let deform: vn_deform
  private let images: Int
  private let outputs: Int
  /// Groups of channels that share weights.
  private let groups: Int
  private let hasBias: Bool
  private let hasMask: Bool

  /// Points whose columns are held at a time.
  private static let points = 1024

  static func choose(_ op: DeformConv, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, let y = context.outputImage, context.inputs[1]?.type == .float32,
      x.c > 0, x.h > 0, x.w > 0, y.n * y.c * y.h * y.w > 0,
      let before = try? op.window.resolved([x.h, x.w]).before
    else { return nil }
    let window = op.window
    let deform = vn_deform(
      h: x.h, w: x.w, oh: y.h, ow: y.w, channels: x.c, groups: op.offsetGroups, kh: Int32(window.kernel[0]),
      kw: Int32(window.kernel[1]), stride_h: Int32(window.strides[0]), stride_w: Int32(window.strides[1]),
      dilation_h: Int32(window.dilations[0]), dilation_w: Int32(window.dilations[1]),
      pad_top: Int32(before[0]), pad_left: Int32(before[1]))
    let (hasBias, hasMask) = (!context.isAbsent(3), !context.isAbsent(4))
    let kernel = DeformConvKernel(
      deform: deform, images: x.n, outputs: y.c, groups: op.groups, hasBias: hasBias, hasMask: hasMask)
    return KernelChoice(
      kernel: kernel, operands: context.allRowMajor(), outputLayout: .rowMajor, name: "deformable convolution"
    )
  }

  private var planePoints: Int { deform.oh * deform.ow }
  /// Rows of the columns.
  private var rows: Int { deform.channels * Int(deform.kh) * Int(deform.kw) }
  private var columnFloats: Int { (rows * min(planePoints, Self.points) + 15) / 16 * 16 }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    columnFloats
      + vn_gemm_scratch_floats(
        kernels, outputs / groups, min(planePoints, Self.points), rows / groups, Int32(threads))
  }

  func run(_ context: borrowing KernelContext) {
    var deform = deform
    let taps = Int(deform.kh) * Int(deform.kw)
    let mask = hasMask ? context.floats(hasBias ? 4 : 3) : nil
    let y = context.floats(3 + (hasBias ? 1 : 0) + (hasMask ? 1 : 0))
    let points = planePoints
    for image in 0..<images {
      var first = 0
      while first < points {
        let count = min(Self.points, points - first)
        vn_deform_columns(
          &deform, context.floats(0) + image * deform.channels * deform.h * deform.w,
          context.floats(2) + image * deform.groups * taps * 2 * points,
          mask.map { UnsafePointer($0 + image * deform.groups * taps * points) }, first, count,
          context.scratch,
          context.pool)
        for group in 0..<groups {
          let (depth, height) = (rows / groups, outputs / groups)
          vn_gemm(
            context.kernels, height, count, depth, 1, context.floats(1) + group * height * depth,
            Int64(depth), false, context.scratch + group * depth * count, Int64(count), false, 0,
            y + (image * outputs + group * height) * points + first, Int64(points),
            context.scratch + columnFloats, context.pool)
        }
        first += count
      }
      guard hasBias else { continue }
      let plane = y + image * outputs * points
      vn_binary(
        context.kernels, VN_ADD, outputs, points, vn_operand(data: plane, row: Int64(points), column: 1),
        vn_operand(data: context.floats(3), row: 1, column: 0), plane, Int64(points), context.pool)
    }
  }
}

extension DeformConv: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { DeformConvKernel.choose(self, context) }
}
