import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// One of two operands for each element, with broadcasting.
struct SelectKernel: Kernel {
  private let select: vn_select

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard context.inputs.count == 3, let c = context.inputs[0], let a = context.inputs[1],
      let b = context.inputs[2]
    else { return nil }
    let y = context.outputs[0].shape
    guard y.elementCount > 0 else { return nil }
    // The layout that most operands of the result's size have costs the fewest conversions.
    let full = [c, a, b].indices.filter { context.inputs[$0]?.shape == y }
    let last = full.count { context.layouts[$0] == .channelsLast }
    let layout: Layout = y.rank == 4 && 2 * last > full.count ? .channelsLast : .rowMajor
    let layouts = [c, a, b].map { $0.shape.rank == 4 ? layout : .rowMajor }
    let order = Strides.order(y.rank, layout)
    let strides = zip([c, a, b], layouts).map { fact, layout in
      let own = Strides.broadcast(fact.shape, layout, to: y)
      return order.map { own[$0] }
    }
    var (extents, collapsed) = Strides.collapsed(order.map { y[$0] }, strides)
    guard extents.count <= 8 else { return nil }
    if extents.isEmpty { (extents, collapsed) = ([1], [[0], [0], [0]]) }
    let select = vn_select(
      rank: Int32(extents.count), dims: Eight.numbers(extents), condition: Eight.numbers(collapsed[0]),
      a: Eight.numbers(collapsed[1]), b: Eight.numbers(collapsed[2]), bytes: a.type.byteCount)
    return KernelChoice(
      kernel: SelectKernel(select: select), operands: layouts.enumerated().map { ($0, $1) },
      outputLayout: layout, name: "select")
  }

  func run(_ context: borrowing KernelContext) {
    var select = select
    vn_select_elements(
      &select, context.pointers[0].assumingMemoryBound(to: UInt8.self), context.pointers[1],
      context.pointers[2], context.pointers[3], context.pool)
  }
}

extension Where: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { SelectKernel.choose(context) }
}
