package import VisionTensor

extension Reference {
  /// Calls `body` with the start, step and length of every line of elements along `axis`, in row-major order.
  package static func forEachLine(
    _ shape: Shape, axis: Int, _ body: (_ start: Int, _ step: Int, _ count: Int) -> Void
  ) {
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let outer = shape.dimensions.prefix(axis).reduce(1, *)
    for outer in 0..<outer {
      for position in 0..<inner { body(outer * shape[axis] * inner + position, inner, shape[axis]) }
    }
  }
}
