import VisionGraph
import VisionTensor

/// The order of a value's axes in memory.
enum Strides {
  /// The distance, in elements, between neighbors along each logical axis.
  static func of(_ shape: Shape, _ layout: Layout) -> [Int] {
    guard layout == .channelsLast, shape.rank == 4 else { return shape.strides }
    let (c, h, w) = (shape[1], shape[2], shape[3])
    return [c * h * w, 1, c * w, c]
  }

  /// The logical axes from the outermost to the innermost in memory.
  static func order(_ rank: Int, _ layout: Layout) -> [Int] {
    layout == .channelsLast && rank == 4 ? [0, 2, 3, 1] : Array(0..<rank)
  }

  /// The strides with which a tensor of `shape` in `layout` is read to broadcast to `target`; 0 repeats.
  static func broadcast(_ shape: Shape, _ layout: Layout, to target: Shape) -> [Int] {
    let own = of(shape, layout)
    let offset = target.rank - shape.rank
    return (0..<target.rank).map { axis in
      axis < offset || shape[axis - offset] == 1 ? 0 : own[axis - offset]
    }
  }

  /// Joins neighboring axes that are contiguous in every operand, and drops axes of extent 1.
  ///
  /// The axes are given from the outermost to the innermost of the output.
  static func collapsed(_ dimensions: [Int], _ operands: [[Int]]) -> (dimensions: [Int], operands: [[Int]]) {
    var extents: [Int] = []
    var strides: [[Int]] = operands.map { _ in [] }
    for axis in dimensions.indices where dimensions[axis] != 1 {
      let joins =
        !extents.isEmpty
        && operands.indices.allSatisfy { strides[$0].last == operands[$0][axis] * dimensions[axis] }
      if joins {
        extents[extents.count - 1] *= dimensions[axis]
        for operand in operands.indices { strides[operand][extents.count - 1] = operands[operand][axis] }
      } else {
        extents.append(dimensions[axis])
        for operand in operands.indices { strides[operand].append(operands[operand][axis]) }
      }
    }
    return (extents, strides)
  }
}
