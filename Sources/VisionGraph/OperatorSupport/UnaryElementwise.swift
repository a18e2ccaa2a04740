import VisionSystem
public import VisionTensor

/// An operator that maps each element separately; conforming types define the function.
public protocol UnaryElementwise: Operator {
  /// The function of one element, in `Double`.
  func apply(_ x: Double) -> Double
  /// The function in the kernels; nil if they do not have it, so that the reference is used.
  var function: ElementFunction? { get }
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
}

extension UnaryElementwise {
  public static var types: Set<ElementType> { [.float16, .bfloat16, .float32, .float64] }
  public var function: ElementFunction? { nil }
  public func elementFunction(_ inputs: [Fact?]) -> ElementFunction? { function }
  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: Self.types)
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    return [Tensor(doubles: x.doubles.map(apply), shape: x.shape, elementType: x.elementType)]
  }
}

/// A unary operator that also accepts integers, which it computes exactly.
public protocol UnaryArithmetic: UnaryElementwise {
  /// The function of one element of a signed integer tensor; overflow wraps.
  func apply(_ x: Int) -> Int
  /// The function of one element of an unsigned integer tensor.
  func apply(_ x: UInt64) -> UInt64
}

extension UnaryArithmetic {
  public static var types: Set<ElementType> { .numbers }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    if x.elementType.isFloatingPoint {
      return [Tensor(doubles: x.doubles.map(apply), shape: x.shape, elementType: x.elementType)]
    }
    let results: [Int] =
      x.elementType.isUnsigned
      ? x.wrappedIntegers.map { Int(truncatingIfNeeded: apply(UInt64(truncatingIfNeeded: $0))) }
      : x.wrappedIntegers.map { apply($0) }
    return [Tensor(wrapping: results, shape: x.shape, elementType: x.elementType)]
  }
}
