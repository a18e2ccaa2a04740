import VisionTensor

/// Turns pairs of numbers by angles of their position. Source: Su et al. 2021, section 3.4.2.
struct Rotation {
  /// Whether the pairs are neighbors; otherwise one number is of the first half, the other of the second.
  var isInterleaved: Bool
  /// How many numbers of a head are turned; the others stay.
  var size: Int

  init(isInterleaved: Bool, size: Int) {
    self.isInterleaved = isInterleaved
    self.size = size
  }

  /// - Parameters:
  ///   - x: four axes, the last one the numbers of a head.
  ///   - cosines: broadcast to x, but for the last axis, which has size/2 elements.
  ///   - sines: of the same shape.
  func build(_ x: Value, cosines: Value, sines: Value, _ parts: Composition) throws(GraphError) -> Value {
    let head = x.shape.last ?? 0
    guard size > 0, size % 2 == 0, size <= head, cosines.shape.last == size / 2, sines.shape == cosines.shape
    else {
      throw parts.mismatch("\(size) numbers of \(x.shape) cannot be turned by \(cosines.shape)")
    }
    var (turned, rest) = (x, Value?.none)
    if size < head {
      let cut = try parts.outputs(Split(axis: -1, into: 2), [x, parts.integers([size, head - size])])
      (turned, rest) = (cut[0], cut[1])
    }
    let pair: [Value]
    if isInterleaved {
      pair = [
        try parts.sliced(turned, axis: -1, from: 0, step: 2),
        try parts.sliced(turned, axis: -1, from: 1, step: 2),
      ]
    } else {
      pair = try parts.outputs(Split(axis: -1, into: 2), [turned])
    }
    let real = try parts.add(
      Sub(), parts.add(Mul(), cosines, pair[0]), parts.add(Mul(), sines, pair[1]))
    let imaginary = try parts.add(
      Add(), parts.add(Mul(), sines, pair[0]), parts.add(Mul(), cosines, pair[1]))
    if isInterleaved {
      let together = try parts.add(
        Concat(axis: -1), parts.unsqueezed(real, [-1]), parts.unsqueezed(imaginary, [-1]))
      let joined = try parts.reshaped(together, [0, 0, 0, size])
      return try rest.map { (rest) throws(GraphError) in try parts.add(Concat(axis: -1), joined, rest) }
        ?? joined
    }
    return try parts.outputs(Concat(axis: -1), [real, imaginary] + (rest.map { [$0] } ?? []))[0]
  }
}
