import VisionSystem

/// Where the tensors of one sample are written, by their positions in the list of specs.
///
/// It is lent for one call. A tensor of fixed extents holds anything before, and is written as a whole; one of varying length
/// holds its padding, and no rows.
public struct TensorSlots: ~Copyable {
  private let rows: TensorRows
  private let row: Int
  /// The position, in all, of the first tensor.
  private let first: Int

  package init(_ rows: TensorRows, row: Int, from first: Int = 0) {
    (self.rows, self.row, self.first) = (rows, row, first)
  }

  /// The tensors, in the order of their positions.
  public var specs: [TensorSpec] { Array(rows.specs[first...]) }

  /// The same without the first `count` tensors.
  package func dropping(_ count: Int) -> TensorSlots { TensorSlots(rows, row: row, from: first + count) }

  /// The memory of tensor `index`: as many numbers as its bounds have.
  ///
  /// Precondition: it is float32.
  public func floats(_ index: Int) -> UnsafeMutableBufferPointer<Float> { numbers(index, of: Float.self) }

  /// The memory of tensor `index`.
  ///
  /// Precondition: it is int64.
  public func integers(_ index: Int) -> UnsafeMutableBufferPointer<Int64> { numbers(index, of: Int64.self) }

  /// The memory of tensor `index`, whatever its type.
  public func bytes(_ index: Int) -> UnsafeMutableRawBufferPointer { rows.bytes(first + index, row: row) }

  /// Fills tensor `index` with its padding.
  public func fill(_ index: Int) { rows.fill(first + index, row: row) }

  /// Says how long tensor `index` is in this sample; the rest of it keeps the padding.
  ///
  /// Precondition: one of its axes is `upTo`, and the count is in 0...bound.
  public func setCount(_ index: Int, _ count: Int) { rows.setCount(first + index, row: row, count) }

  private func numbers<Number: TensorElement>(_ index: Int, of: Number.Type)
    -> UnsafeMutableBufferPointer<Number>
  {
    let spec = rows.specs[first + index]
    precondition(spec.type == Number.elementType, "the tensor '\(spec.name)' is \(spec.type)")
    return rows.bytes(first + index, row: row).bindMemory(to: Number.self)
  }
}
