import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Comparisons of elements of any type, logic, and arithmetic of integers, with broadcasting.
struct PairKernel: Kernel {
  private let pairs: vn_pair_list

  static func choose(_ op: vn_pair_op, _ context: NodeContext) -> KernelChoice? {
    guard context.inputs.count == 2, let a = context.inputs[0], let b = context.inputs[1],
      a.type == b.type, let type = a.type.number, isComparison(op) || !a.type.isFloatingPoint
    else { return nil }
    let y = context.outputs[0].shape
    guard y.elementCount > 0 else { return nil }
    let strides = [a, b].map { Strides.broadcast($0.shape, .rowMajor, to: y) }
    var (extents, collapsed) = Strides.collapsed(y.dimensions, strides)
    guard extents.count <= 8 else { return nil }
    if extents.isEmpty { (extents, collapsed) = ([1], [[0], [0]]) }
    let pairs = vn_pair_list(
      op: op, type: type, bytes: a.type.byteCount, rank: Int32(extents.count), dims: Eight.numbers(extents),
      a: Eight.numbers(collapsed[0]), b: Eight.numbers(collapsed[1]))
    return KernelChoice(
      kernel: PairKernel(pairs: pairs), operands: [(0, .rowMajor), (1, .rowMajor)], outputLayout: .rowMajor,
      name: "pairs")
  }

  private static func isComparison(_ op: vn_pair_op) -> Bool { op.rawValue <= VN_PAIR_GREATER_EQUAL.rawValue }

  func run(_ context: borrowing KernelContext) {
    var pairs = pairs
    vn_pairs_run(&pairs, context.pointers[0], context.pointers[1], context.pointers[2], context.pool)
  }
}

/// Functions of one element that are the C library's, and the negation of bools.
struct MathKernel: Kernel {
  /// Nil for the negation.
  private let op: vn_math_op?
  private let count: Int

  static func choose(_ op: vn_math_op?, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == (op == nil ? .bool : .float32) else { return nil }
    let layout = context.layouts[0]
    return KernelChoice(
      kernel: MathKernel(op: op, count: x.shape.elementCount), operands: [(0, layout)], outputLayout: layout,
      worksInPlace: true, name: "math")
  }

  func run(_ context: borrowing KernelContext) {
    guard let op else {
      vn_not(
        count, context.pointers[0].assumingMemoryBound(to: UInt8.self),
        context.pointers[1].assumingMemoryBound(to: UInt8.self), context.pool)
      return
    }
    vn_math(op, count, context.floats(0), context.floats(1), context.pool)
  }
}
