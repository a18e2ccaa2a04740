import VisionSystem
public import VisionTensor

/// An operator of two tensors that broadcast, with a `bool` result; conforming types define the relation.
public protocol Comparison: PlainOperator {
  /// Whether the relation holds for two elements.
  static func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
}

extension Comparison {
  public static var inputLimit: Int? { 2 }
  public static var types: Set<ElementType> { .numbers }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: Self.types)
    let b = try ShapeRule.required(inputs, 1, types: [a.type])
    return [Fact(.bool, try ShapeRule.broadcast(a.shape, b.shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    if a.elementType.isFloatingPoint { return [try Self.compare(a, b) { $0.doubles }] }
    if a.elementType == .uint64 {
      return [try Self.compare(a, b) { $0.wrappedIntegers.map { UInt64(truncatingIfNeeded: $0) } }]
    }
    return [try Self.compare(a, b) { $0.integers }]
  }

  private static func compare<Number: Comparable>(_ a: Tensor, _ b: Tensor, _ elements: (Tensor) -> [Number])
    throws(EvaluationError) -> Tensor
  {
    let (shape, ia, ib) = try Reference.broadcastIndices(a.shape, b.shape)
    let (x, y) = (elements(a), elements(b))
    return Tensor((0..<shape.elementCount).map { holds(x[ia[$0]], y[ib[$0]]) }, shape: shape)
  }
}
