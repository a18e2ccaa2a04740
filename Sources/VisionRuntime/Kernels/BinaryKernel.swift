import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// A function of two tensors with broadcasting. Where possible, it reads each operand in the layout it has.
struct BinaryKernel: Kernel {
  private let function: vn_binary_op
  private let dimensions: [Int64]
  private let x: [Int64]
  private let z: [Int64]

  static func choose(_ function: vn_binary_op, _ context: NodeContext) -> KernelChoice? {
    guard context.inputs.count == 2, let a = context.inputs[0], let b = context.inputs[1],
      a.type == .float32, b.type == .float32
    else { return nil }
    let y = context.outputs[0].shape
    guard y.elementCount > 0 else { return nil }
    var layouts = [context.layouts[0], context.layouts[1]]
    let full = [a.shape == y, b.shape == y]
    // The output has the layout of a full-sized operand, or channels last if the layouts differ.
    let candidates = [0, 1].filter { full[$0] }.map { layouts[$0] }
    let output: Layout = y.rank == 4 && candidates.contains(.channelsLast) ? .channelsLast : .rowMajor
    for index in 0...1 where full[index] { layouts[index] = output }
    for (index, fact) in [a, b].enumerated() where fact.shape.rank != 4 { layouts[index] = .rowMajor }
    let order = Strides.order(y.rank, output)
    let xs = Strides.broadcast(a.shape, layouts[0], to: y)
    let zs = Strides.broadcast(b.shape, layouts[1], to: y)
    let (extents, strides) = Strides.collapsed(
      order.map { y[$0] }, [order.map { xs[$0] }, order.map { zs[$0] }])
    guard extents.count <= 8 else { return nil }
    let kernel = BinaryKernel(
      function: function, dimensions: extents.map(Int64.init), x: strides[0].map(Int64.init),
      z: strides[1].map(Int64.init))
    return KernelChoice(
      kernel: kernel, operands: [(0, layouts[0]), (1, layouts[1])], outputLayout: output,
      worksInPlace: full[0],
      name: "elementwise")
  }

  func run(_ context: borrowing KernelContext) {
    let (a, b, y) = (context.floats(0), context.floats(1), context.floats(2))
    let rank = dimensions.count
    let fits = (x.last ?? 1) <= 1 && (z.last ?? 1) <= 1 && rank <= 2
    if fits {
      let rows = rank == 2 ? Int(dimensions[0]) : 1
      let columns = rank == 0 ? 1 : Int(dimensions[rank - 1])
      let left = vn_operand(data: a, row: rank == 2 ? x[0] : 0, column: rank == 0 ? 0 : x[rank - 1])
      let right = vn_operand(data: b, row: rank == 2 ? z[0] : 0, column: rank == 0 ? 0 : z[rank - 1])
      vn_binary(context.kernels, function, rows, columns, left, right, y, Int64(columns), context.pool)
    } else {
      vn_binary_strided(context.kernels, function, Int32(rank), dimensions, a, x, b, z, y, context.pool)
    }
  }
}
