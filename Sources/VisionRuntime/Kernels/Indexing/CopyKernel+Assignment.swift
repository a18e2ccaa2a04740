import VisionGraph
import VisionSystem
import VisionTensor

extension CopyKernel {
  /// ScatterND whose constant indices are those of a box of x, as exporters write an assignment to a slice: the updates are
  /// copied as a whole. Nil for other indices.
  static func assignment(_ context: NodeContext, _ x: Fact) -> KernelChoice? {
    guard let indices = context.frozen[1] ?? context.inputs[1]?.value, let updates = context.inputs[2],
      let box = Box(indices, of: x.shape), updates.shape == box.shape, x.shape.rank <= 8
    else { return nil }
    let strides = x.shape.strides
    let whole = Part(
      source: 0, target: 2, dimensions: [x.shape.elementCount], sourceStrides: [1], targetStrides: [1])
    let part = Part(
      source: 1, target: 2, dimensions: box.shape.dimensions, sourceStrides: box.shape.strides,
      targetOffset: zip(box.starts, strides).reduce(0) { $0 + $1.0 * $1.1 },
      targetStrides: zip(box.steps, strides).map { $0 * $1 })
    // Of x nothing is left where the box is all of it.
    let kernel = CopyKernel(box.shape == x.shape ? [part] : [whole, part], type: x.type)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (2, .rowMajor)], outputLayout: .rowMajor, name: "copy")
  }

  /// Places that are equally far apart along each axis.
  private struct Box {
    let shape: Shape
    let starts: [Int]
    let steps: [Int]

    /// The box whose places the rows of `indices`, one for each, name in order; nil if they are no box of `whole`.
    init?(_ indices: Tensor, of whole: Shape) {
      let rank = whole.rank
      guard rank > 0, indices.shape.rank == rank + 1, indices.shape[rank] == rank,
        indices.elementCount > 0, indices.elementType == .int64
      else { return nil }
      let extents = Array(indices.shape.dimensions.prefix(rank))
      let strides = Shape(extents).strides
      let found = indices.withUnsafeBytes { bytes -> (starts: [Int], steps: [Int])? in
        func place(_ row: Int, _ axis: Int) -> Int {
          let value = Int(bytes.loadUnaligned(fromByteOffset: (row * rank + axis) * 8, as: Int64.self))
          return value < 0 ? value + whole[axis] : value
        }
        let starts = (0..<rank).map { place(0, $0) }
        let steps = (0..<rank).map { extents[$0] > 1 ? place(strides[$0], $0) - starts[$0] : 1 }
        for axis in 0..<rank {
          let last = starts[axis] + steps[axis] * (extents[axis] - 1)
          // Places that repeat would depend on the order of the copies.
          guard steps[axis] != 0, (0..<whole[axis]).contains(starts[axis]), (0..<whole[axis]).contains(last)
          else { return nil }
        }
        for row in 0..<extents.reduce(1, *) {
          for axis in 0..<rank
          where place(row, axis) != starts[axis] + row / strides[axis] % extents[axis] * steps[axis] {
            return nil
          }
        }
        return (starts, steps)
      }
      guard let found else { return nil }
      (shape, starts, steps) = (Shape(extents), found.starts, found.steps)
    }
  }
}
