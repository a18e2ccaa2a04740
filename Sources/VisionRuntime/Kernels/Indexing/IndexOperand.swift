import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Indices that a step reads, and what they index, so that none is out of range where kernels trust them.
struct IndexOperand {
  /// Their position among the step's pointers.
  let position: Int
  let bytes: Int
  /// How many there are, in rows of one for each axis.
  let count: Int
  /// The extents of the axes that the numbers of a row index.
  let extents: [Int]

  init(_ fact: Fact, at position: Int, extents: [Int]) {
    self.position = position
    self.extents = extents
    bytes = fact.type.byteCount
    count = fact.shape.elementCount
  }

  /// The indices of one run, all of them in range.
  func checked(_ context: borrowing KernelContext) throws(EvaluationError) -> vn_indices {
    let indices = vn_indices(data: context.pointers[position], bytes: bytes)
    let rows = count / extents.count
    for axis in extents.indices {
      let bad = vn_first_outside(indices, axis, extents.count, rows, Int64(extents[axis]))
      if bad < rows {
        let place = bad * extents.count + axis
        let index =
          bytes == 4
          ? Int(context.pointers[position].assumingMemoryBound(to: Int32.self)[place])
          : Int(context.pointers[position].assumingMemoryBound(to: Int64.self)[place])
        throw EvaluationError("index \(index) is outside an axis of \(extents[axis])")
      }
    }
    return indices
  }
}
