import VisionSystem
public import VisionTensor

/// An operator of one or more tensors that broadcast together; conforming types define how two elements are
/// combined.
public protocol VariadicElementwise: PlainOperator {
  /// Combines two elements of floating-point tensors, in `Double`.
  func combine(_ a: Double, _ b: Double) -> Double
  /// Combines two elements of integer tensors.
  func combine<Integer: FixedWidthInteger>(_ a: Integer, _ b: Integer) -> Integer
  /// The result, computed from the combination of `count` elements.
  func finish(_ combined: Double, count: Int) -> Double
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
}

extension VariadicElementwise {
  public static var inputLimit: Int? { nil }
  public func finish(_ combined: Double, count: Int) -> Double { combined }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let first = try ShapeRule.required(inputs, 0, types: Self.types)
    var shape = first.shape
    for index in inputs.indices.dropFirst() {
      shape = try ShapeRule.broadcast(
        shape, try ShapeRule.required(inputs, index, types: [first.type]).shape)
    }
    return [Fact(first.type, shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let tensors = inputs.compactMap { $0 }
    if fact.type.isFloatingPoint {
      let sums = Self.fold(tensors, to: fact.shape, { $0.doubles }, combine)
      let results = sums.map { finish($0, count: tensors.count) }
      return [Tensor(doubles: results, shape: fact.shape, elementType: fact.type)]
    }
    let results =
      fact.type == .uint64
      ? Self.fold(
        tensors, to: fact.shape, { $0.wrappedIntegers.map { UInt64(truncatingIfNeeded: $0) } }, combine
      ).map { Int(truncatingIfNeeded: $0) }
      : Self.fold(tensors, to: fact.shape, { $0.integers }, combine)
    return [Tensor(wrapping: results, shape: fact.shape, elementType: fact.type)]
  }

  private static func fold<Number>(
    _ tensors: [Tensor], to shape: Shape, _ elements: (Tensor) -> [Number],
    _ combine: (Number, Number) -> Number
  ) -> [Number] {
    var result: [Number] = []
    for tensor in tensors {
      let values = elements(tensor)
      let positions = Reference.indices(of: tensor.shape, broadcastTo: shape)
      if result.isEmpty {
        result = positions.map { values[$0] }
      } else {
        for (index, position) in positions.enumerated() {
          result[index] = combine(result[index], values[position])
        }
      }
    }
    return result
  }
}
