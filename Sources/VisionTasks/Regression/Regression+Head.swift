import VisionTraining
public import VisionGraph
import VisionSystem
public import VisionTensor

extension Regression {
  /// The penalty on large weights, as a fraction of the mean variance of the embedding's elements.
  private static let penalty = 1e-4

  /// The head with the least squared error over all rows (ridge regression), by Cholesky decomposition in
  /// double precision.
  ///
  /// - Parameter embeddings: N×E.
  /// - Returns: nil where the embeddings do not determine the weights, for example when they are all the
  ///   same.
  public func solveHead(_ embeddings: Tensor, _ truths: [Numbers]) -> Parameters? {
    let (n, e, k) = (truths.count, embeddings.elementCount / max(truths.count, 1), predicted.count)
    let numbers = embeddings.doubles
    let rows = (0..<n).map { Array(numbers[$0 * e..<($0 + 1) * e]) }
    let values = truths.map { truth in zip(predicted, truth.values).map { Double($0.scaled($1)) } }
    func mean(_ rows: [[Double]], _ count: Int) -> [Double] {
      (0..<count).map { column in rows.reduce(0) { $0 + $1[column] } / Double(n) }
    }
    let (center, offset) = (mean(rows, e), mean(values, k))
    var matrix = [Double](repeating: 0, count: e * e)
    var sides = [Double](repeating: 0, count: e * k)
    for (row, value) in zip(rows, values) {
      for i in 0..<e {
        let x = row[i] - center[i]
        for j in 0...i { matrix[i * e + j] += x * (row[j] - center[j]) }
        for j in 0..<k { sides[i * k + j] += x * (value[j] - offset[j]) }
      }
    }
    let trace = (0..<e).reduce(0) { $0 + matrix[$1 * e + $1] }
    guard trace > 0, trace.isFinite else { return nil }
    for i in 0..<e { matrix[i * e + i] += Self.penalty * trace / Double(e) }
    guard Self.solve(&matrix, &sides, e, k) else { return nil }
    var parameters = Parameters()
    let weights = (0..<k).flatMap { column in (0..<e).map { Float(sides[$0 * k + column]) } }
    let biases = (0..<k).map { column in
      Float((0..<e).reduce(offset[column]) { $0 - sides[$1 * k + column] * center[$1] })
    }
    parameters["\(Self.headPath).weight"] = Tensor(weights, shape: [k, e])
    parameters["\(Self.headPath).bias"] = Tensor(biases)
    return parameters
  }

  /// Solves `matrix` · X = `sides`, with a symmetric e×e matrix, of which only the lower triangle is read,
  /// and `sides` e×k, which is replaced by X. Returns false if the matrix is not positive definite.
  private static func solve(_ matrix: inout [Double], _ sides: inout [Double], _ e: Int, _ k: Int) -> Bool {
    for i in 0..<e {
      for j in 0...i {
        var sum = matrix[i * e + j]
        for l in 0..<j { sum -= matrix[i * e + l] * matrix[j * e + l] }
        if i == j {
          guard sum > 0 else { return false }
          matrix[i * e + i] = sum.squareRoot()
        } else {
          matrix[i * e + j] = sum / matrix[j * e + j]
        }
      }
    }
    for column in 0..<k {
      for i in 0..<e {
        for l in 0..<i { sides[i * k + column] -= matrix[i * e + l] * sides[l * k + column] }
        sides[i * k + column] /= matrix[i * e + i]
      }
      for i in (0..<e).reversed() {
        for l in i + 1..<e { sides[i * k + column] -= matrix[l * e + i] * sides[l * k + column] }
        sides[i * k + column] /= matrix[i * e + i]
      }
    }
    return true
  }
}
