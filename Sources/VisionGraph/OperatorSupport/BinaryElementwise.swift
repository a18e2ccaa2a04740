import VisionSystem
public import VisionTensor

/// An operator of two tensors that broadcast as in NumPy; conforming types define the functions.
public protocol BinaryElementwise: Operator {
  /// The function of two elements of floating-point tensors, in `Double`.
  func apply(_ a: Double, _ b: Double) -> Double
  /// The function of two elements of integer tensors; overflow wraps.
  func apply(_ a: Int, _ b: Int) throws(EvaluationError) -> Int
  /// The function of two elements of uint64 tensors; the same as for `Int` where only the low bits matter.
  func apply(_ a: UInt64, _ b: UInt64) throws(EvaluationError) -> UInt64
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
}

extension BinaryElementwise {
  public static var types: Set<ElementType> { .numbers }
  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0, 1] }

  public func apply(_ a: UInt64, _ b: UInt64) throws(EvaluationError) -> UInt64 {
    UInt64(truncatingIfNeeded: try apply(Int(truncatingIfNeeded: a), Int(truncatingIfNeeded: b)))
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: Self.types)
    let b = try ShapeRule.required(inputs, 1, types: [a.type])
    return [Fact(a.type, try ShapeRule.broadcast(a.shape, b.shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    return [try Self.evaluate(a, b, apply, apply, apply)]
  }

  private static func evaluate(
    _ a: Tensor, _ b: Tensor, _ float: (Double, Double) -> Double,
    _ signed: (Int, Int) throws(EvaluationError) -> Int,
    _ unsigned: (UInt64, UInt64) throws(EvaluationError) -> UInt64
  ) throws(EvaluationError) -> Tensor {
    let (shape, ia, ib) = try Reference.broadcastIndices(a.shape, b.shape)
    if a.elementType.isFloatingPoint {
      let (x, y) = (a.doubles, b.doubles)
      let result = (0..<shape.elementCount).map { float(x[ia[$0]], y[ib[$0]]) }
      return Tensor(doubles: result, shape: shape, elementType: a.elementType)
    }
    let (x, y) = (a.wrappedIntegers, b.wrappedIntegers)
    var result: [Int] = []
    result.reserveCapacity(shape.elementCount)
    for index in 0..<shape.elementCount {
      let (p, q) = (x[ia[index]], y[ib[index]])
      if a.elementType == .uint64 {
        let value = try unsigned(UInt64(truncatingIfNeeded: p), UInt64(truncatingIfNeeded: q))
        result.append(Int(truncatingIfNeeded: value))
      } else {
        result.append(try signed(p, q))
      }
    }
    return Tensor(wrapping: result, shape: shape, elementType: a.elementType)
  }
}
