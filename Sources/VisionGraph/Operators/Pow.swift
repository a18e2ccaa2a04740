import VisionSystem
public import VisionTensor

/// c = aᵇ with broadcasting, of the type of a. ONNX Pow, opset 15.
///
/// An integer base and exponent are computed exactly, and overflow wraps; a negative exponent truncates the
/// fraction, and throws for base 0. An integer base with a float exponent is computed in floating point and
/// truncated.
public struct Pow: PlainOperator {
  public static let name = "Pow"
  public static let inputLimit: Int? = 2
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: .floats.union([.int32, .int64]))
    let b = try ShapeRule.required(inputs, 1, types: .numbers)
    return [Fact(a.type, try ShapeRule.broadcast(a.shape, b.shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    let (shape, ia, ib) = try Reference.broadcastIndices(a.shape, b.shape)
    if a.elementType.isFloatingPoint || b.elementType.isFloatingPoint {
      let (x, y) = (a.doubles, b.doubles)
      let result = (0..<shape.elementCount).map { Libm.pow(x[ia[$0]], y[ib[$0]]) }
      return [Tensor(doubles: result, shape: shape, elementType: a.elementType)]
    }
    let (x, y) = (a.integers, b.integers)
    var result: [Int] = []
    for index in 0..<shape.elementCount { result.append(try Self.power(x[ia[index]], y[ib[index]])) }
    return [Tensor(wrapping: result, shape: shape, elementType: a.elementType)]
  }

  private static func power(_ base: Int, _ exponent: Int) throws(EvaluationError) -> Int {
    if exponent < 0 {
      switch base {
      case 0: throw EvaluationError("integer 0 to the negative power \(exponent)")
      case 1: return 1
      case -1: return exponent % 2 == 0 ? 1 : -1
      default: return 0
      }
    }
    var (result, square, rest) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result &* square }
      square = square &* square
      rest >>= 1
    }
    return result
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.broadcast { (index, _) throws(GraphError) in
      try node.add(
        PowGradient(index == 0 ? .base : .exponent), node.gradient, node.input(0), node.input(1))
    }
  }
}
