import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Elements taken from places that tables name, one table for each axis: what mirrors, repeats or leaves out elements.
struct TableKernel: Kernel {
  private let settings: vn_tables
  /// The tables, one behind the other.
  private let tables: [Int32]

  /// Entries of all tables up to which there is a kernel.
  private static let limit = 1 << 22

  /// - Parameters:
  ///   - sources: for each axis of the output, the position along the same axis of input 0 that each of its positions reads; nil
  ///     for the fill.
  ///   - fill: the bits of an element.
  static func choose(_ context: NodeContext, sources: [[Int?]], fill: UInt64 = 0) -> KernelChoice? {
    let y = context.outputs[0]
    guard let x = context.inputs[0], x.shape.rank == sources.count, x.shape.rank > 0,
      x.shape.rank <= 8, x.shape.elementCount <= Int(Int32.max), y.shape.elementCount > 0
    else { return nil }
    let layout = context.layouts[0]
    let strides = Strides.of(x.shape, layout)
    var axes = Strides.order(x.shape.rank, layout)
    let fills = sources.contains { $0.contains(nil) }
    // Innermost axes that stay as they are become part of an element.
    var bytes = x.type.byteCount
    while !fills, axes.count > 1, let axis = axes.last, sources[axis] == Array(0..<x.shape[axis]) {
      bytes *= x.shape[axis]
      axes.removeLast()
    }
    let unit = bytes / x.type.byteCount
    let tables = axes.flatMap { axis in
      sources[axis].map { position in position.map { Int32($0 * (strides[axis] / unit)) } ?? -1 }
    }
    let settings = vn_tables(
      rank: Int32(axes.count), dims: Eight.numbers(axes.map { y.shape[$0] }), bytes: bytes, fills: fills,
      fill: fill)
    return KernelChoice(
      kernel: TableKernel(settings: settings, tables: tables), operands: [(0, layout)], outputLayout: layout,
      name: "copy by tables")
  }

  /// Padding of any mode and sign.
  static func pad(_ op: Pad, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, let pads = context.constantInts(1), context.isAbsent(3),
      pads.count == 2 * x.rank, fits(context), let fill = CopyKernel.fill(context, input: 2)
    else { return nil }
    let y = context.outputs[0].shape
    return choose(
      context,
      sources: y.indices.map { axis in
        (0..<y[axis]).map { op.source($0 - pads[axis], extent: x[axis]) }
      }, fill: fill)
  }

  /// Repetition along axes.
  static func tile(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, fits(context) else { return nil }
    let y = context.outputs[0].shape
    return choose(context, sources: y.indices.map { axis in (0..<y[axis]).map { $0 % x[axis] } })
  }

  /// The middle of the input, with zeros around it.
  static func center(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, fits(context) else { return nil }
    let y = context.outputs[0].shape
    return choose(
      context,
      sources: y.indices.map { axis in
        (0..<y[axis]).map { CenterCropPad.source($0, from: x[axis], to: y[axis]) }
      })
  }

  /// Whether tables for the output are small enough, and no axis of the input is empty.
  static func fits(_ context: NodeContext) -> Bool {
    let y = context.outputs[0].shape
    return y.elementCount > 0 && y.allSatisfy { $0 <= limit } && y.reduce(0, +) <= limit
  }

  func run(_ context: borrowing KernelContext) {
    var settings = settings
    vn_copy_by_tables(&settings, tables, context.pointers[0], context.pointers[1], context.pool)
  }
}

extension Tile: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { TableKernel.tile(context) }
}

extension CenterCropPad: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { TableKernel.center(context) }
}
