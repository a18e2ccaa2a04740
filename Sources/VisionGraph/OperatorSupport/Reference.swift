import VisionSystem
package import VisionTensor

/// Helpers that references share, written for clarity, not for speed.
package enum Reference {
  /// The input at `index`.
  package static func required(_ inputs: [Tensor?], _ index: Int) throws(EvaluationError) -> Tensor {
    guard index < inputs.count, let tensor = inputs[index] else {
      throw EvaluationError("input \(index) is missing")
    }
    return tensor
  }

  /// The input at `index`, or nil when absent.
  package static func optional(_ inputs: [Tensor?], _ index: Int) -> Tensor? {
    index < inputs.count ? inputs[index] : nil
  }

  /// For every element of the broadcast shape, the positions of the elements read from the two operands.
  package static func broadcastIndices(_ a: Shape, _ b: Shape) throws(EvaluationError) -> (
    shape: Shape, a: [Int], b: [Int]
  ) {
    guard let shape = a.broadcast(with: b) else {
      throw EvaluationError("\(a) and \(b) do not broadcast")
    }
    return (shape, indices(of: a, broadcastTo: shape), indices(of: b, broadcastTo: shape))
  }

  /// For every element of `target`, the position in a tensor of shape `shape` that broadcasts to it.
  package static func indices(of shape: Shape, broadcastTo target: Shape) -> [Int] {
    let offset = target.rank - shape.rank
    let strides = shape.strides
    var steps = [Int](repeating: 0, count: target.rank)
    for axis in 0..<shape.rank where shape[axis] != 1 { steps[axis + offset] = strides[axis] }
    return indices(target, steps: steps)
  }

  /// For every element of `shape`, row-major, the sum of coordinate × step over the axes, plus `start`.
  package static func indices(_ shape: Shape, steps: [Int], start: Int = 0) -> [Int] {
    var result: [Int] = []
    let count = shape.elementCount
    result.reserveCapacity(count)
    var coordinates = [Int](repeating: 0, count: shape.rank)
    var position = start
    for _ in 0..<count {
      result.append(position)
      var axis = shape.rank - 1
      while axis >= 0 {
        coordinates[axis] += 1
        position += steps[axis]
        if coordinates[axis] < shape[axis] { break }
        position -= steps[axis] * shape[axis]
        coordinates[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  /// A tensor made of the elements of `tensor` at `indices`, whatever the type.
  package static func gather(_ tensor: Tensor, _ indices: [Int], shape: Shape) -> Tensor {
    let size = tensor.elementType.byteCount
    return Tensor(elementType: tensor.elementType, shape: shape) { target in
      tensor.withUnsafeBytes { source in
        for (to, from) in indices.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: target[(to * size)..<((to + 1) * size)])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[(from * size)..<((from + 1) * size)]))
        }
      }
    }
  }
}

extension Reference {
  /// Calls `body` with every coordinate of `shape`, row-major.
  package static func forEachCoordinate(_ shape: Shape, _ body: ([Int]) -> Void) {
    var coordinates = [Int](repeating: 0, count: shape.rank)
    for _ in 0..<shape.elementCount {
      body(coordinates)
      var axis = shape.rank - 1
      while axis >= 0 {
        coordinates[axis] += 1
        if coordinates[axis] < shape[axis] { break }
        coordinates[axis] = 0
        axis -= 1
      }
    }
  }
}

extension Operator {
  /// The shape rule applied to the facts of tensors.
  package func resolved(_ inputs: [Tensor?]) throws(EvaluationError) -> [Fact] {
    do {
      return try outputs(inputs.map { $0.map(Fact.init(constant:)) })
    } catch { throw EvaluationError(error.message) }
  }
}

extension Reference {
  /// Nonnegative indices; throws if an index is outside -extent..<extent.
  package static func positions(_ indices: [Int], extent: Int) throws(EvaluationError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(indices.count)
    for index in indices {
      guard index >= -extent, index < extent else {
        throw EvaluationError("index \(index) is outside an axis of \(extent)")
      }
      result.append(index < 0 ? index + extent : index)
    }
    return result
  }
}

extension GraphBuilder {
  /// Adds a one-dimensional int64 constant, the form in which opset 17 takes axes, shapes and positions.
  package func constant(ints: [Int], name: String) -> Value {
    constant(Tensor(ints.map { Int64($0) }), name: name)
  }
}

extension Reference {
  /// `tensor` repeated along axes of extent 1 to fill `shape`, to which it must broadcast.
  package static func expanded(_ tensor: Tensor, to shape: Shape) -> Tensor {
    gather(tensor, indices(of: tensor.shape, broadcastTo: shape), shape: shape)
  }
}
