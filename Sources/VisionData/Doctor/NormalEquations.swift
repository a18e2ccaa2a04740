/// A least-squares problem of six unknowns, gathered equation by equation.
struct NormalEquations {
  /// The matrix and, in its last column, the right side; 6×7.
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

  /// By elimination with the largest pivot; nil when the equations leave an unknown open.
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
