/// A least-squares problem with six unknowns, accumulated equation by equation.
struct NormalEquations {
  /// The matrix, with the right-hand side in its last column; 6×7.
  private var cells = [Double](repeating: 0, count: 6 * 7)

  /// Adds the equation `row` · unknowns = `value`.
  mutating func add(_ row: (Double, Double, Double, Double, Double, Double), _ value: Double) {
    cells.withUnsafeMutableBufferPointer { cells in
      withUnsafeBytes(of: row) { bytes in
        let row = bytes.assumingMemoryBound(to: Double.self)
        for i in 0..<6 {
          for j in i..<6 { cells[i * 7 + j] += row[i] * row[j] }
          cells[i * 7 + 6] += row[i] * value
        }
      }
    }
  }

  /// Solved by elimination with partial pivoting; nil when the equations do not determine all unknowns.
  var solution: [Double]? {
    let (n, width) = (6, 7)
    var cells = cells
    for i in 0..<n { for j in 0..<i { cells[i * width + j] = cells[j * width + i] } }
    let scale = (0..<n).map { cells[$0 * width + $0] }.max() ?? 0
    for column in 0..<n {
      let pivot =
        (column..<n).max { abs(cells[$0 * width + column]) < abs(cells[$1 * width + column]) } ?? column
      guard abs(cells[pivot * width + column]) > scale * 1e-12 else { return nil }
      if pivot != column { for j in 0..<width { cells.swapAt(pivot * width + j, column * width + j) } }
      for row in column + 1..<n {
        let factor = cells[row * width + column] / cells[column * width + column]
        for j in column..<width { cells[row * width + j] -= factor * cells[column * width + j] }
      }
    }
    var result = [Double](repeating: 0, count: n)
    for row in (0..<n).reversed() {
      let known = (row + 1..<n).reduce(0.0) { $0 + cells[row * width + $1] * result[$1] }
      result[row] = (cells[row * width + n] - known) / cells[row * width + row]
    }
    return result
  }
}
