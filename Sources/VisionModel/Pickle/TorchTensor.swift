import VisionTensor

/// A reference to a storage in a pickle; the bytes are elsewhere in the file.
struct TorchStorage {
  /// Its name in the file.
  var key: String
  /// The element type, or nil for untyped bytes.
  var type: ElementType?
  /// The number of elements of the whole storage; bytes if untyped.
  var count: Int
  /// The part of the storage that this reference covers.
  var view: Range<Int>

  var unit: Int { type?.byteCount ?? 1 }
}

/// A tensor as described in a pickle: a strided view of a storage.
struct TorchTensor {
  var storage: TorchStorage
  var type: ElementType
  /// The position of the first element in the storage, in elements.
  var offset: Int
  var shape: [Int]
  var strides: [Int]

  /// The tensor with the bytes of its storage: not copied if contiguous, otherwise gathered.
  ///
  /// - Parameter budget: bytes that may still be allocated for non-contiguous tensors.
  func tensor(_ bytes: ByteRange, budget: inout Int) throws(FormatError) -> Tensor {
    guard let size = TensorLimits.byteCount(shape, type), strides.count == shape.count, offset >= 0 else {
      throw bytes.error(.tooLarge, "the tensor has the impossible shape \(Shape(shape)), strides \(strides)")
    }
    let (first, isBeyond) = (storage.view.lowerBound * storage.unit / type.byteCount)
      .addingReportingOverflow(offset)
    guard !isBeyond else { throw bytes.error(.corrupt, "the tensor reaches beyond its storage") }
    if size == 0 { return Tensor(elementType: type, shape: Shape(shape)) { _ in } }
    var last = first
    for (extent, stride) in zip(shape, strides) {
      let (span, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(span)
      guard stride >= 0, !overflow, !carry else {
        throw bytes.error(.corrupt, "the tensor has impossible strides \(strides)")
      }
      last = sum
    }
    guard last < storage.view.upperBound * storage.unit / type.byteCount, last < bytes.count / type.byteCount
    else {
      throw bytes.error(.corrupt, "the tensor \(Shape(shape)) reaches beyond its storage")
    }
    let isContiguous = zip(zip(shape, strides), Shape(shape).strides).allSatisfy { $0.0 == 1 || $0.1 == $1 }
    if isContiguous {
      guard let range = bytes.slice(first * type.byteCount, size) else {
        throw bytes.error(.corrupt, "the tensor \(Shape(shape)) reaches beyond its storage")
      }
      return TensorLimits.tensor(range, shape, type)
    }
    guard size <= budget else {
      throw bytes.error(
        .tooLarge, "tensors that are not contiguous would take far more memory than the file",
        remedy: "save them with .contiguous()")
    }
    budget -= size
    return gathered(bytes, first)
  }

  private func gathered(_ bytes: ByteRange, _ first: Int) -> Tensor {
    let unit = type.byteCount
    var coordinates = [Int](repeating: 0, count: shape.count)
    var position = first
    let result = Tensor(elementType: type, shape: Shape(shape)) { target in
      bytes.withUnsafeBytes { source in
        for to in stride(from: 0, to: target.count, by: unit) {
          for byte in 0..<unit { target[to + byte] = source[position * unit + byte] }
          for axis in shape.indices.reversed() {
            coordinates[axis] += 1
            position += strides[axis]
            if coordinates[axis] < shape[axis] { break }
            position -= strides[axis] * shape[axis]
            coordinates[axis] = 0
          }
        }
      }
    }
    return type == .bool ? Tensor(result.integersOfBool, shape: Shape(shape)) : result
  }
}

extension Tensor {
  /// The elements of a `bool` tensor whose bytes may have any value.
  fileprivate var integersOfBool: [Bool] { withUnsafeBytes { $0.map { $0 != 0 } } }
}
