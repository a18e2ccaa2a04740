import VisionSystem
import VisionTensor

/// Numbers in rows, row-major.
public struct Matrix: Sendable {
  public let rows: Int
  public let columns: Int
  /// The numbers, rows × columns.
  public package(set) var elements: [Float]

  /// Precondition: there are rows × columns elements.
  public init(rows: Int, columns: Int, elements: [Float]) {
    precondition(elements.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: [Float](repeating: 0, count: rows * columns))
  }

  /// The position of the largest number of a row, the first of equal ones; nil where a number of the row is
  /// not finite, because then none is known to be the largest.
  package func largest(inRow row: Int) -> Int? {
    let numbers = self[row: row]
    guard numbers.allSatisfy(\.isFinite), let largest = numbers.max() else { return nil }
    return numbers.firstIndex(of: largest).map { $0 - numbers.startIndex }
  }

  /// Row `index`.
  public subscript(row index: Int) -> ArraySlice<Float> { elements[index * columns..<(index + 1) * columns] }

  /// The rows of the given indices, in that order.
  public func selecting(_ indices: [Int]) -> Matrix {
    var result: [Float] = []
    result.reserveCapacity(indices.count * columns)
    for index in indices { result += self[row: index] }
    return Matrix(rows: indices.count, columns: columns, elements: result)
  }

  /// The rows of this matrix, then those of `other`.
  ///
  /// Precondition: both have as many columns.
  public func appending(_ other: Matrix) -> Matrix {
    Matrix(rows: rows + other.rows, columns: columns, elements: elements + other.elements)
  }

  package var transposed: Matrix {
    var result = [Float](repeating: 0, count: elements.count)
    let block = 32
    for top in stride(from: 0, to: rows, by: block) {
      for left in stride(from: 0, to: columns, by: block) {
        for row in top..<min(top + block, rows) {
          for column in left..<min(left + block, columns) {
            result[column * rows + row] = elements[row * columns + column]
          }
        }
      }
    }
    return Matrix(rows: columns, columns: rows, elements: result)
  }
}
