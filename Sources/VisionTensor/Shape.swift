import VisionSystem

/// The extents of a tensor, outermost first; a scalar has no extents.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, RandomAccessCollection, Codable {
  /// The extents, outermost first.
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(arrayLiteral elements: Int...) { self.dimensions = elements }

  public var startIndex: Int { 0 }
  public var endIndex: Int { dimensions.count }
  public subscript(axis: Int) -> Int {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of the extents, 1 for a scalar.
  ///
  /// This product traps on overflow; check extents from files and other input with `checkedElementCount`
  /// first.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// The number of elements; nil when an extent is negative or the product of the nonzero extents overflows.
  public var checkedElementCount: Int? {
    var product = 1
    for extent in dimensions {
      if extent < 0 { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: Swift.max(extent, 1))
      if overflow { return nil }
      product = next
    }
    return dimensions.contains(0) ? 0 : product
  }

  /// The distance, in elements, between neighbors along each axis of a contiguous row-major tensor.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * Swift.max(dimensions[axis + 1], 1)
    }
    return strides
  }

  /// The shape to which both shapes broadcast by NumPy's rules; nil when they are incompatible.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let a = axis - (rank - self.rank) >= 0 ? self[axis - (rank - self.rank)] : 1
      let b = axis - (rank - other.rank) >= 0 ? other[axis - (rank - other.rank)] : 1
      if a == b || b == 1 {
        result[axis] = a
      } else if a == 1 {
        result[axis] = b
      } else {
        return nil
      }
    }
    return Shape(result)
  }
}

extension Shape: CustomStringConvertible {
  /// For example `1×3×224×224`; `scalar` for a shape without axes.
  public var description: String {
    dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: "×")
  }
}
