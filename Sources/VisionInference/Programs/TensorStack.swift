import VisionTensor

/// Tensors of one type and shape that become one tensor with an axis more.
struct TensorStack {
  private(set) var rows: [Tensor] = []
  private(set) var byteCount = 0

  var isEmpty: Bool { rows.isEmpty }

  /// False where the tensor is not like the others.
  mutating func append(_ tensor: Tensor) -> Bool {
    guard rows.first.map({ $0.elementType == tensor.elementType && $0.shape == tensor.shape }) ?? true else {
      return false
    }
    rows.append(tensor)
    byteCount += tensor.byteCount
    return true
  }

  /// The rows along a new axis; nil where there are none, or no such axis.
  func tensor(axis: Int) -> Tensor? {
    guard let first = rows.first, axis >= -first.shape.rank - 1, axis <= first.shape.rank else { return nil }
    let axis = axis < 0 ? axis + first.shape.rank + 1 : axis
    var extents = first.shape.dimensions
    extents.insert(1, at: axis)
    return Tensor.concatenated(rows.map { $0.reshaped(to: Shape(extents)) }, axis: axis)
  }
}

extension Tensor {
  /// Tensors one behind the other along an axis.
  ///
  /// Precondition: there is one, they have one type, and their shapes differ at most along the axis.
  static func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    var shape = tensors[0].shape
    shape[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let outer = shape.dimensions.prefix(axis).reduce(1, *)
    let element = shape.dimensions.dropFirst(axis + 1).reduce(tensors[0].elementType.byteCount, *)
    return Tensor(elementType: tensors[0].elementType, shape: shape) { target in
      var start = 0
      for tensor in tensors {
        let size = tensor.shape[axis] * element
        tensor.withUnsafeBytes { source in
          guard size > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
          for row in 0..<outer {
            (to + row * shape[axis] * element + start).copyMemory(from: from + row * size, byteCount: size)
          }
        }
        start += size
      }
    }
  }

  /// The elements from `start` along an axis.
  ///
  /// Precondition: the axis has so many.
  func part(axis: Int, from start: Int, count: Int) -> Tensor {
    var extents = shape
    extents[axis] = count
    let outer = shape.dimensions.prefix(axis).reduce(1, *)
    let element = shape.dimensions.dropFirst(axis + 1).reduce(elementType.byteCount, *)
    return Tensor(elementType: elementType, shape: extents) { target in
      withUnsafeBytes { source in
        let size = count * element
        guard size > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
        for row in 0..<outer {
          (to + row * size).copyMemory(
            from: from + (row * shape[axis] + start) * element, byteCount: size)
        }
      }
    }
  }

  /// The slice at `index` along an axis, without the axis.
  func slice(axis: Int, at index: Int) -> Tensor {
    var extents = shape.dimensions
    extents.remove(at: axis)
    return part(axis: axis, from: index, count: 1).reshaped(to: Shape(extents))
  }
}
