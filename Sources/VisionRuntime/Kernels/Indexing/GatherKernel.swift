import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Slices or elements at indices that may change from run to run.
struct GatherKernel: Kernel {
  /// What is gathered.
  enum Subject {
    case slices(vn_slices)
    case elements(vn_along)
  }

  private let subject: Subject
  private let indices: IndexOperand

  /// Slices along one axis. A few constant ones are plain copies.
  static func choose(_ op: Gather, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let indices = context.inputs[1], x.shape.rank > 0 else { return nil }
    let axis = op.axis < 0 ? op.axis + x.shape.rank : op.axis
    let view = AxisView(x.shape, from: axis, through: axis)
    let count = indices.shape.elementCount
    guard count > 0 else { return nil }
    let slices = vn_slices(
      axes: 1, extents: Eight.numbers([view.count]), strides: Eight.numbers([view.inner]),
      count: view.outer * count, rows: count, shares: true, batch: Int64(view.count * view.inner),
      elements: view.inner, bytes: x.type.byteCount)
    return choice(.slices(slices), IndexOperand(indices, at: 1, extents: [view.count]))
  }

  /// Slices at coordinates along several axes.
  static func choose(_ op: GatherND, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let indices = context.inputs[1] else { return nil }
    return slices(of: x, indices, batchAxes: op.batchAxes).flatMap { choice(.slices($0.slices), $0.indices) }
  }

  /// The slices of x at coordinates, and their indices, which are input 1.
  static func slices(of x: Fact, _ indices: Fact, batchAxes: Int) -> (
    slices: vn_slices, indices: IndexOperand
  )? {
    guard let length = indices.shape.last, length <= 8, indices.shape.elementCount > 0 else { return nil }
    let axes = batchAxes..<(batchAxes + length)
    let batches = x.shape.dimensions[..<batchAxes].reduce(1, *)
    let count = indices.shape.elementCount / length
    let (extents, strides) = (axes.map { x.shape[$0] }, x.shape.strides)
    let slices = vn_slices(
      axes: Int32(length), extents: Eight.numbers(extents),
      strides: Eight.numbers(axes.map { strides[$0] }), count: count, rows: count / batches, shares: false,
      batch: Int64(x.shape.elementCount / batches),
      elements: x.shape.dimensions[axes.upperBound...].reduce(1, *), bytes: x.type.byteCount)
    return (slices, IndexOperand(indices, at: 1, extents: extents))
  }

  /// Elements at indices of their own along one axis.
  static func choose(_ op: GatherElements, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], let indices = context.inputs[1] else { return nil }
    return along(op.axis, of: x, indices).flatMap { choice(.elements($0.along), $0.indices) }
  }

  /// The elements of x at indices along one axis, and their indices, which are input 1.
  static func along(_ axis: Int, of x: Fact, _ indices: Fact) -> (along: vn_along, indices: IndexOperand)? {
    guard x.shape.rank > 0, x.shape.rank <= 8, indices.shape.elementCount > 0 else { return nil }
    let axis = axis < 0 ? axis + x.shape.rank : axis
    var strides = x.shape.strides
    let stride = strides[axis]
    strides[axis] = 0
    let along = vn_along(
      rank: Int32(x.shape.rank), dims: Eight.numbers(indices.shape.dimensions),
      strides: Eight.numbers(strides),
      extent: Int64(x.shape[axis]), stride: Int64(stride), bytes: x.type.byteCount)
    return (along, IndexOperand(indices, at: 1, extents: [x.shape[axis]]))
  }

  private static func choice(_ subject: Subject, _ indices: IndexOperand) -> KernelChoice {
    KernelChoice(
      kernel: GatherKernel(subject: subject, indices: indices), operands: [(0, .rowMajor), (1, .rowMajor)],
      outputLayout: .rowMajor, name: "gather")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    let indices = try indices.checked(context)
    switch subject {
    case .slices(var slices):
      vn_gather_slices(&slices, indices, context.pointers[0], context.pointers[2], context.pool)
    case .elements(var along):
      vn_gather_elements(&along, indices, context.pointers[0], context.pointers[2], context.pool)
    }
  }
}

extension GatherND: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { GatherKernel.choose(self, context) }
}

extension GatherElements: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { GatherKernel.choose(self, context) }
}
