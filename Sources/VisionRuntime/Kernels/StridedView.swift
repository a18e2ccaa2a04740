import VisionGraph
import VisionTensor

/// Elements of a memory under other axes, as operators that only move elements leave them when nothing is copied.
struct StridedView {
  /// The extents of the axes.
  private(set) var shape: [Int]
  /// For each axis the elements from one to the next.
  private(set) var strides: [Int]
  /// The first element.
  private(set) var offset = 0

  /// A value as it lies in memory.
  init(_ shape: Shape, _ layout: Layout) {
    self.shape = shape.dimensions
    strides = Strides.of(shape, layout)
  }

  /// Whether the elements along the last axis are neighbors.
  var hasRows: Bool { shape.last == 1 || strides.last == 1 }

  /// Whether an operator only moves elements, so that its result may be a view.
  static func isMovement(_ operation: any Operator) -> Bool {
    switch operation {
    case is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Identity, is Transpose, is Slice, is Split,
      is Gather:
      true
    default: false
    }
  }

  /// The view that is output `index` of an operator whose first input is this one; nil if that cannot be a view.
  func moved(by operation: any Operator, _ inputs: [Fact?], _ outputs: [Fact], index: Int) -> StridedView? {
    let result = outputs[index].shape
    switch operation {
    case let op as Transpose: return transposed(op.permutation ?? Array(shape.indices.reversed()))
    case is Slice: return sliced(inputs, result)
    case let op as Split:
      let axis = op.axis < 0 ? op.axis + shape.count : op.axis
      let start = outputs.prefix(index).reduce(0) { $0 + $1.shape[axis] }
      return part(result, offset: start * strides[axis])
    case let op as Gather: return selected(op, inputs)
    case is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Identity: return reshaped(to: result.dimensions)
    default: return nil
    }
  }

  /// The view before a permutation of axes that gives this one.
  func beforeTransposition(_ permutation: [Int]?) -> StridedView {
    let permutation = permutation ?? Array(shape.indices.reversed())
    return transposed(permutation.indices.map { permutation.firstIndex(of: $0) ?? $0 })
  }

  func transposed(_ permutation: [Int]) -> StridedView {
    var view = self
    view.shape = permutation.map { shape[$0] }
    view.strides = permutation.map { strides[$0] }
    return view
  }

  /// The same elements in the same order along other axes; nil where an axis would have no one stride.
  func reshaped(to target: [Int]) -> StridedView? {
    let (extents, joined) = Strides.collapsed(shape, [strides])
    var view = self
    view.shape = target
    view.strides = [Int](repeating: 1, count: target.count)
    var (run, left, stride) = (extents.count, 1, 1)
    for axis in target.indices.reversed() where target[axis] != 1 {
      if left == 1 {
        run -= 1
        guard run >= 0 else { return nil }
        (left, stride) = (extents[run], joined[0][run])
      }
      guard target[axis] > 0, left % target[axis] == 0 else { return nil }
      view.strides[axis] = stride
      stride *= target[axis]
      left /= target[axis]
    }
    return left == 1 && run <= 0 ? view : nil
  }

  private func part(_ result: Shape, offset: Int) -> StridedView {
    var view = self
    view.shape = result.dimensions
    view.offset += offset
    return view
  }

  /// A range along some axes, if it is known and not turned around.
  private func sliced(_ inputs: [Fact?], _ result: Shape) -> StridedView? {
    func integers(_ index: Int) -> [Int]? {
      index < inputs.count ? inputs[index].flatMap { $0.value?.integers } : nil
    }
    func isAbsent(_ index: Int) -> Bool { index >= inputs.count || inputs[index] == nil }
    guard let starts = integers(1), isAbsent(3) || integers(3) != nil, isAbsent(4) || integers(4) != nil
    else { return nil }
    let axes = (integers(3) ?? Array(starts.indices)).map { $0 < 0 ? $0 + shape.count : $0 }
    let steps = integers(4) ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count, result.elementCount > 0 else { return nil }
    var view = part(result, offset: 0)
    for (index, axis) in axes.enumerated() {
      let start = starts[index] < 0 ? max(starts[index], -shape[axis]) + shape[axis] : starts[index]
      view.offset += min(start, shape[axis] - 1) * strides[axis]
      guard steps[index] > 0 || result[axis] == 1 else { return nil }
      // A single element needs no step, and the given step may be any number.
      view.strides[axis] = result[axis] > 1 ? strides[axis] * steps[index] : strides[axis]
    }
    return view
  }

  /// One element along an axis.
  private func selected(_ op: Gather, _ inputs: [Fact?]) -> StridedView? {
    guard inputs.count > 1, let indices = inputs[1], let number = indices.value?.integers, number.count == 1
    else { return nil }
    let axis = op.axis < 0 ? op.axis + shape.count : op.axis
    guard number[0] >= -shape[axis], number[0] < shape[axis] else { return nil }
    var view = self
    view.offset += (number[0] < 0 ? number[0] + shape[axis] : number[0]) * strides[axis]
    let ones = indices.shape.map { _ in 1 }
    view.shape.replaceSubrange(axis...axis, with: ones)
    view.strides.replaceSubrange(axis...axis, with: ones)
    return view
  }
}
