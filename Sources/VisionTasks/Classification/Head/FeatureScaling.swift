import VisionInference

/// How features are scaled before the regression; the scaling is folded into the weights afterwards.
public enum FeatureScaling: String, Sendable, Hashable, CaseIterable {
  /// The mean of each feature is subtracted, and all are divided by the mean of their standard deviations.
  case common
  /// The mean of each feature is subtracted, and each feature is divided by its own standard deviation.
  case standard

  /// The number subtracted from each feature, and the factor that it is then multiplied by.
  func fit(_ features: Matrix) -> (mean: [Double], factor: [Double]) {
    let columns = features.columns
    let count = Double(max(features.rows, 1))
    var mean = [Double](repeating: 0, count: columns)
    var deviation = mean
    features.elements.withUnsafeBufferPointer { x in
      for row in 0..<features.rows {
        for column in 0..<columns { mean[column] += Double(x[row * columns + column]) }
      }
      for column in 0..<columns { mean[column] /= count }
      for row in 0..<features.rows {
        for column in 0..<columns {
          let difference = Double(x[row * columns + column]) - mean[column]
          deviation[column] += difference * difference
        }
      }
    }
    for column in 0..<columns { deviation[column] = (deviation[column] / count).squareRoot() }
    let common = deviation.reduce(0, +) / Double(max(columns, 1))
    guard common > 0 else { return (mean, [Double](repeating: 1, count: columns)) }
    switch self {
    case .common: return (mean, [Double](repeating: 1 / common, count: columns))
    case .standard:
      // A nearly constant feature is not amplified.
      return (mean, deviation.map { 1 / max($0, 1e-2 * common) })
    }
  }

  static func apply(_ features: Matrix, mean: [Double], factor: [Double]) -> Matrix {
    let columns = features.columns
    let elements = [Float](unsafeUninitializedCapacity: features.elements.count) { target, count in
      features.elements.withUnsafeBufferPointer { x in
        for row in 0..<features.rows {
          for column in 0..<columns {
            let index = row * columns + column
            (target.baseAddress! + index).initialize(
              to: Float((Double(x[index]) - mean[column]) * factor[column]))
          }
        }
      }
      count = features.elements.count
    }
    return Matrix(rows: features.rows, columns: columns, elements: elements)
  }
}
