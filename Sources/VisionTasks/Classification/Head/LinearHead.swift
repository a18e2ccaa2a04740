public import VisionInference
public import VisionCompute

/// The last layer of a classifier: logits = weights · features + biases.
public struct LinearHead: Sendable, Hashable {
  /// E.
  public let features: Int
  /// K.
  public let classes: Int
  /// K×E, row-major.
  public var weights: [Float]
  /// K.
  public var biases: [Float]

  /// A head of zeros.
  public init(features: Int, classes: Int) {
    self.features = features
    self.classes = classes
    weights = [Float](repeating: 0, count: classes * features)
    biases = [Float](repeating: 0, count: classes)
  }

  /// The logits of some features, N×K.
  ///
  /// Precondition: `matrix` has E columns.
  public func logits(_ matrix: Matrix, on executor: Executor) -> Matrix {
    precondition(matrix.columns == features)
    var result = Matrix(rows: matrix.rows, columns: classes)
    MatrixProduct(on: executor)(
      m: matrix.rows, n: classes, k: features, matrix.elements, weights, transposesB: true,
      into: &result.elements)
    for row in 0..<matrix.rows {
      for index in 0..<classes { result.elements[row * classes + index] += biases[index] }
    }
    return result
  }
}
