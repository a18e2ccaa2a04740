import VisionSystem
public import VisionTensor

/// The numbers start, start + delta, … before limit. ONNX Range, opset 11.
///
/// Inputs: start, limit and delta, scalars of one type (float32, float64, int16, int32, int64), known before
/// the run; delta is not 0. The name differs from Swift's `Range`.
public struct RangeOf: PlainOperator {
  public static let name = "Range"
  public static let constantInputs: Set = [0, 1, 2]
  public static let inputLimit: Int? = 3
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let types: Set<ElementType> = [.float32, .float64, .int16, .int32, .int64]
    let type = try ShapeRule.required(inputs, 0, types: types).type
    var scalars: [Tensor] = []
    for index in 0..<3 {
      let fact = try ShapeRule.required(inputs, index, types: [type])
      guard fact.shape.elementCount == 1 else {
        throw ShapeError("start, limit and delta must be scalars, not \(fact.shape)")
      }
      guard let value = fact.value else { throw ShapeError.lacking("start, limit and delta") }
      scalars.append(value)
    }
    guard let count = Self.count(scalars), count < 1 << 40 else {
      throw ShapeError("a range from \(scalars[0].doubles) to \(scalars[1].doubles) by \(scalars[2].doubles)")
    }
    return [Fact(type, [count])]
  }

  private static func count(_ scalars: [Tensor]) -> Int? {
    if scalars[0].elementType.isFloatingPoint {
      let (start, limit, delta) = (scalars[0].doubles[0], scalars[1].doubles[0], scalars[2].doubles[0])
      let count = ((limit - start) / delta).rounded(.up)
      return delta == 0 ? nil : Int(exactly: max(count, 0))
    }
    let (start, limit, delta) = (scalars[0].integers[0], scalars[1].integers[0], scalars[2].integers[0])
    if delta == 0 { return nil }
    if delta > 0 ? start >= limit : start <= limit { return 0 }
    let span = UInt(bitPattern: limit &- start)
    return Int(exactly: ((delta > 0 ? span : 0 &- span) - 1) / delta.magnitude + 1)
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let start = try Reference.required(inputs, 0)
    let delta = try Reference.required(inputs, 2)
    if fact.type.isFloatingPoint {
      let (first, step) = (start.doubles[0], delta.doubles[0])
      let numbers = (0..<fact.shape[0]).map { first + Double($0) * step }
      return [Tensor(doubles: numbers, shape: fact.shape, elementType: fact.type)]
    }
    let (first, step) = (start.integers[0], delta.integers[0])
    let numbers = (0..<fact.shape[0]).map { first &+ $0 &* step }
    return [Tensor(wrapping: numbers, shape: fact.shape, elementType: fact.type)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
