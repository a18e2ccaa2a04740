/// The places of a detector without anchor boxes: the cells of its feature maps, one level after the other, row by row.
///
/// A level of stride s has ⌈height / s⌉ × ⌈width / s⌉ cells; the center of the cell in row i and column j is the point
/// ((j + ½)s, (i + ½)s) of the input. Source: Tian et al., "FCOS", 2019, section 3.1.
public struct DetectionGrid: Sendable, Hashable {
  /// The height and width of the input in pixels, at least 1.
  public let height: Int
  public let width: Int
  /// Pixels of the input for a cell, at least 1; the finest level first.
  public let strides: [Int]

  /// Precondition: sides and strides are at least 1, and there is a stride.
  public init(height: Int, width: Int, strides: [Int]) {
    precondition(height > 0 && width > 0 && !strides.isEmpty && strides.allSatisfy { $0 > 0 })
    (self.height, self.width, self.strides) = (height, width, strides)
  }

  /// The cells of a level.
  public func extents(_ stride: Int) -> (rows: Int, columns: Int) {
    ((height - 1) / stride + 1, (width - 1) / stride + 1)
  }

  /// A, the number of places.
  public var count: Int { strides.map { extents($0) }.reduce(0) { $0 + $1.rows * $1.columns } }

  /// The center and the stride of each place.
  public var places: [(x: Double, y: Double, stride: Double)] {
    strides.flatMap { stride in
      let (rows, columns) = extents(stride)
      return (0..<rows * columns).map { cell in
        let (row, column) = cell.quotientAndRemainder(dividingBy: columns)
        let step = Double(stride)
        return ((Double(column) + 0.5) * step, (Double(row) + 0.5) * step, step)
      }
    }
  }
}
