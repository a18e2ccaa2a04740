import VisionGraph
import VisionTensor

/// Limits for the tensors that a file declares, checked before anything is allocated.
enum TensorLimits {
  /// More axes than any network uses.
  static let rank = 64

  /// The number of bytes of a tensor, or nil when the shape is impossible.
  ///
  /// The other extents are checked even if one is zero, because values of a graph have the same limit.
  static func byteCount(_ dimensions: [Int], _ type: ElementType) -> Int? {
    guard dimensions.count <= rank else { return nil }
    var product = type.byteCount
    for extent in dimensions {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
      guard extent >= 0, !overflow else { return nil }
      product = next
    }
    guard dimensions.contains(0) else { return product }
    return product <= GraphLimits.valueBytes ? 0 : nil
  }

  /// A tensor of exactly these little-endian bytes, borrowed; `bool` bytes other than 0 and 1 are replaced by 1.
  ///
  /// Precondition: `byteCount(dimensions, type) == bytes.count`.
  static func tensor(_ bytes: ByteRange, _ dimensions: [Int], _ type: ElementType) -> Tensor {
    let tensor = Tensor(elementType: type, shape: Shape(dimensions), storage: bytes.storage)
    let isClean = type != .bool || bytes.withUnsafeBytes { $0.allSatisfy { $0 <= 1 } }
    if isClean { return tensor }
    return Tensor(elementType: .bool, shape: Shape(dimensions)) { target in
      bytes.withUnsafeBytes { source in
        for (index, byte) in source.enumerated() { target[index] = byte == 0 ? 0 : 1 }
      }
    }
  }
}
