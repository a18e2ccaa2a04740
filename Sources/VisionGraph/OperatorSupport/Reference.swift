import VisionTensor

/// What references share. Nothing here is fast.
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

  /// For every element of the broadcast shape, the positions that it reads in both operands.
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

extension Tensor {
  /// Integers stored modulo 2ⁿ, as machine arithmetic leaves them.
  package init(wrapping integers: [Int], shape: Shape, elementType: ElementType) {
    let wrapped: [Int] =
      switch elementType {
      case .int8: integers.map { Int(Int8(truncatingIfNeeded: $0)) }
      case .int16: integers.map { Int(Int16(truncatingIfNeeded: $0)) }
      case .int32: integers.map { Int(Int32(truncatingIfNeeded: $0)) }
      case .uint8: integers.map { Int(UInt8(truncatingIfNeeded: $0)) }
      case .uint16: integers.map { Int(UInt16(truncatingIfNeeded: $0)) }
      case .uint32: integers.map { Int(UInt32(truncatingIfNeeded: $0)) }
      default: integers
      }
    self.init(elementType: elementType, shape: shape) { bytes in
      ElementConversion.store(wrapped, as: elementType, into: bytes)
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
