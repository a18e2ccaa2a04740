public import VisionTensor

/// The determinants of square matrices. ONNX Det, opset 11.
///
/// Input: x of shape [..., M, M], a floating-point type. Output: [...]; 1 for M = 0.
public struct Det: PlainOperator {
  public static let name = "Det"
  public static let inputLimit: Int? = 1
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let rank = x.shape.rank
    guard rank >= 2, x.shape[rank - 1] == x.shape[rank - 2] else {
      throw ShapeError("input \(x.shape) does not consist of square matrices")
    }
    return [Fact(x.type, try ShapeRule.shape(Array(x.shape.dimensions.dropLast(2)), "the determinants"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let (values, size) = (x.doubles, x.shape[x.shape.rank - 1])
    let results = (0..<fact.shape.elementCount).map { index in
      Self.determinant(Array(values[(index * size * size)..<((index + 1) * size * size)]), size)
    }
    return [Tensor(doubles: results, shape: fact.shape, elementType: fact.type)]
  }

  /// The determinant of a row-major matrix, by Gaussian elimination with partial pivoting.
  static func determinant(_ matrix: [Double], _ size: Int) -> Double {
    var a = matrix
    var result = 1.0
    for column in 0..<size {
      guard
        let pivot = (column..<size).max(by: { abs(a[$0 * size + column]) < abs(a[$1 * size + column]) })
      else { break }
      if a[pivot * size + column] == 0 { return 0 }
      if pivot != column {
        for k in 0..<size { a.swapAt(pivot * size + k, column * size + k) }
        result.negate()
      }
      result *= a[column * size + column]
      for row in (column + 1)..<max(size, column + 1) {
        let factor = a[row * size + column] / a[column * size + column]
        for k in column..<size { a[row * size + k] -= factor * a[column * size + k] }
      }
    }
    return result
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in try node.add(Gradient(), node.gradient, x) }
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard let x = inputs[0]?.shape, x.rank >= 2 else { return 0 }
    return GraphLimits.product(x.elementCount, x[x.rank - 1])
  }
}

extension Det {
  /// The gradient: g times the cofactors, which exist for singular matrices, too.
  ///
  /// Inputs: g [...] and x [..., M, M] of one floating-point type. Output: gx.
  package struct Gradient: InternalOperator {
    package static let name = "DetGradient"
    package init() {}

    package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let x = try ShapeRule.required(inputs, 1)
      try ShapeRule.same(inputs, 0, as: Det().outputs([x])[0])
      return [Fact(x.type, x.shape)]
    }

    package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      _ = try resolved(inputs)
      let g = try Reference.required(inputs, 0).doubles
      let x = try Reference.required(inputs, 1)
      let (values, size) = (x.doubles, x.shape[x.shape.rank - 1])
      let result = values.indices.map { index in
        let (matrix, row, column) = (index / (size * size), index / size % size, index % size)
        var minor: [Double] = []
        for r in 0..<size where r != row {
          for c in 0..<size where c != column { minor.append(values[(matrix * size + r) * size + c]) }
        }
        let sign = (row + column) % 2 == 0 ? 1.0 : -1.0
        return g[matrix] * sign * Det.determinant(minor, size - 1)
      }
      return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
    }

    package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
      guard let x = inputs[1]?.shape, x.rank >= 2 else { return 0 }
      let size = x[x.rank - 1]
      return GraphLimits.product(x.elementCount, size, size, size)
    }
  }
}
