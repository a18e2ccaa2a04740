package import VisionTensor

/// The numbers of one direction of a recurrent operator, or their gradients, in `Double`.
public struct RecurrentWeights {
  package let inputs: Int
  package let hidden: Int
  /// Rows: the elements of all gates.
  package let rows: Int
  /// [rows][inputs] and [rows][hidden].
  package var w: [Double]
  package var r: [Double]
  /// [rows] each; zeros where there are no biases.
  package var wb: [Double]
  package var rb: [Double]
  /// [3][hidden]; empty where there are no peepholes.
  package var p: [Double]

  /// Zeros of the same extents, for gradients.
  package init(zerosLike other: RecurrentWeights) {
    (inputs, hidden, rows) = (other.inputs, other.hidden, other.rows)
    w = [Double](repeating: 0, count: other.w.count)
    r = [Double](repeating: 0, count: other.r.count)
    wb = [Double](repeating: 0, count: rows)
    rb = wb
    p = [Double](repeating: 0, count: other.p.count)
  }

  /// The numbers of direction `index` of the tensors.
  package init(direction index: Int, w: Tensor, r: Tensor, b: Tensor?, p: Tensor?) {
    let (inputs, hidden, rows) = (w.shape[2], r.shape[2], w.shape[1])
    (self.inputs, self.hidden, self.rows) = (inputs, hidden, rows)
    self.w = Self.part(w.doubles, index, count: rows * inputs)
    self.r = Self.part(r.doubles, index, count: rows * hidden)
    let biases =
      b.map { Self.part($0.doubles, index, count: 2 * rows) } ?? [Double](repeating: 0, count: 2 * rows)
    (wb, rb) = (Array(biases.prefix(rows)), Array(biases.suffix(rows)))
    self.p = p.map { Self.part($0.doubles, index, count: 3 * hidden) } ?? []
  }

  private static func part(_ numbers: [Double], _ index: Int, count: Int) -> [Double] {
    Array(numbers[(index * count)..<((index + 1) * count)])
  }

  /// W·x + its biases.
  package func input(_ x: [Double]) -> [Double] {
    (0..<rows).map { row in x.indices.reduce(wb[row]) { $0 + w[row * inputs + $1] * x[$1] } }
  }

  /// The rows in `range` of R·h + its biases.
  package func recurrence(_ h: [Double], rows range: Range<Int>) -> [Double] {
    range.map { row in h.indices.reduce(rb[row]) { $0 + r[row * hidden + $1] * h[$1] } }
  }

  /// The gradient with respect to x for that of `input(x)`.
  package func inputGradient(_ g: [Double]) -> [Double] {
    (0..<inputs).map { column in g.indices.reduce(0) { $0 + g[$1] * w[$1 * inputs + column] } }
  }

  /// The gradient with respect to h for that of `recurrence(h, rows:)` from row `first` on.
  package func recurrenceGradient(_ g: [Double], from first: Int) -> [Double] {
    (0..<hidden).map { column in g.indices.reduce(0) { $0 + g[$1] * r[(first + $1) * hidden + column] } }
  }

  /// Adds the gradients of `input(x)`.
  package mutating func addInput(_ g: [Double], _ x: [Double]) {
    for row in g.indices {
      wb[row] += g[row]
      for column in x.indices { w[row * inputs + column] += g[row] * x[column] }
    }
  }

  /// Adds the gradients of `recurrence(h, rows:)` from row `first` on.
  package mutating func addRecurrence(_ g: [Double], _ h: [Double], from first: Int) {
    for row in g.indices {
      rb[first + row] += g[row]
      for column in h.indices { r[(first + row) * hidden + column] += g[row] * h[column] }
    }
  }
}
