public import VisionTensor

/// The inverses of the matrices in the last two axes. ONNX Runtime's Inverse (com.microsoft).
///
/// Input: x …×N×N, a floating-point type.
public struct Inverse: Operator {
  public static let name = "Inverse"
  public static let domain = "com.microsoft"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 2, x.shape[x.shape.rank - 1] == x.shape[x.shape.rank - 2] else {
      throw ShapeError("\(x.shape) holds no square matrices")
    }
    return [Fact(x.type, x.shape)]
  }

  /// By Gauss and Jordan, with the largest pivot of each column.
  ///
  /// - Throws: `EvaluationError` for a matrix without an inverse.
  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let n = try resolved(inputs)[0].shape.last ?? 0
    let values = x.doubles
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for start in stride(from: 0, to: values.count, by: max(n * n, 1)) {
      result += try Self.inverse(Array(values[start..<(start + n * n)]), n)
    }
    return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
  }

  private static func inverse(_ matrix: [Double], _ n: Int) throws(EvaluationError) -> [Double] {
    var (a, b) = (matrix, (0..<(n * n)).map { $0 / n == $0 % n ? 1.0 : 0 })
    for column in 0..<n {
      var pivot = column
      for row in column..<n where abs(a[row * n + column]) > abs(a[pivot * n + column]) { pivot = row }
      let largest = a[pivot * n + column]
      guard largest != 0 else { throw EvaluationError("a matrix of \(n)×\(n) has no inverse") }
      for index in 0..<n {
        a.swapAt(column * n + index, pivot * n + index)
        b.swapAt(column * n + index, pivot * n + index)
      }
      for index in 0..<n {
        a[column * n + index] /= largest
        b[column * n + index] /= largest
      }
      for row in 0..<n where row != column {
        let factor = a[row * n + column]
        for index in 0..<n {
          a[row * n + index] -= factor * a[column * n + index]
          b[row * n + index] -= factor * b[column * n + index]
        }
      }
    }
    return b
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // −yᵀ · g · yᵀ
    let rank = try node.input(0).shape.rank
    let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    let transposed = try node.add(Transpose(order), node.outputs[0])
    let product = try node.add(MatMul(), node.add(MatMul(), transposed, node.gradient), transposed)
    return [try node.add(Neg(), product)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 1)
    return try graph.add(Inverse(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.dimensions + [2, outputs[0].shape.last ?? 0])
  }
}
