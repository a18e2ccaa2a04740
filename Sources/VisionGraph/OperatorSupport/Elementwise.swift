import VisionTensor

/// An operator that maps each element by itself; conforming types give the function.
public protocol UnaryElementwise: Operator {
  /// The function of one element, in `Double`.
  func apply(_ x: Double) -> Double
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
}

extension UnaryElementwise {
  public static var types: Set<ElementType> { [.float16, .bfloat16, .float32, .float64] }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: Self.types)
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    return [Tensor(doubles: x.doubles.map(apply), shape: x.shape, elementType: x.elementType)]
  }
}

/// An operator of two tensors that broadcast as in NumPy; conforming types give the functions.
public protocol BinaryElementwise: Operator {
  /// The function of two elements of floating-point tensors, in `Double`.
  func apply(_ a: Double, _ b: Double) -> Double
  /// The function of two elements of integer tensors; overflow wraps.
  func apply(_ a: Int, _ b: Int) throws(EvaluationError) -> Int
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
}

extension BinaryElementwise {
  public static var types: Set<ElementType> { Set(ElementType.allCases).subtracting([.bool]) }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: Self.types)
    let b = try ShapeRule.required(inputs, 1, types: [a.type])
    return [Fact(a.type, try ShapeRule.broadcast(a.shape, b.shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    let (shape, ia, ib) = try Reference.broadcastIndices(a.shape, b.shape)
    if a.elementType.isFloatingPoint {
      let x = a.doubles
      let y = b.doubles
      let result = (0..<shape.elementCount).map { apply(x[ia[$0]], y[ib[$0]]) }
      return [Tensor(doubles: result, shape: shape, elementType: a.elementType)]
    }
    let x = a.integers
    let y = b.integers
    var result: [Int] = []
    result.reserveCapacity(shape.elementCount)
    for index in 0..<shape.elementCount { result.append(try apply(x[ia[index]], y[ib[index]])) }
    return [Tensor(wrapping: result, shape: shape, elementType: a.elementType)]
  }
}
