import VisionSystem
public import VisionTensor

/// An operator that maps all elements along some axes to one.
///
/// The axes have the form of opset 17: an attribute, except for ReduceSum, which takes a constant input.
/// Opset 18 made them an input for all reductions; import converts these to the form of opset 17.
public protocol Reduction: Operator {
  /// Whether the reduced axes are kept with extent 1.
  var keepsDimensions: Bool { get }
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
  /// The result for elements of a floating-point type; the list may be empty.
  func reduce(_ elements: [Double]) -> Double
  /// The axes that are reduced for these inputs, nonnegative and ascending.
  func reducedAxes(_ inputs: [Fact?]) throws(ShapeError) -> [Int]
}

/// A reduction that also accepts integers.
public protocol IntegerReduction: Reduction {
  /// The result for elements of an integer type, those of uint64 as the signed numbers with the same bits; overflow wraps.
  func reduce(_ elements: [Int], as type: ElementType) -> Int
}

extension Reduction {
  public static var types: Set<ElementType> { .floats }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: Self.types)
    let axes = try reducedAxes(inputs)
    var extents: [Int] = []
    for axis in 0..<x.shape.rank {
      if !axes.contains(axis) { extents.append(x.shape[axis]) } else if keepsDimensions { extents.append(1) }
    }
    return [Fact(x.type, Shape(extents))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let axes: [Int]
    do {
      axes = try reducedAxes(inputs.map { $0.map(Fact.init(constant:)) })
    } catch { throw EvaluationError(error.message) }
    let kept = (0..<x.shape.rank).filter { !axes.contains($0) }
    let strides = x.shape.strides
    let starts = Reference.indices(Shape(kept.map { x.shape[$0] }), steps: kept.map { strides[$0] })
    let offsets = Reference.indices(Shape(axes.map { x.shape[$0] }), steps: axes.map { strides[$0] })
    if !x.elementType.isFloatingPoint, let reduction = self as? any IntegerReduction {
      let source = x.wrappedIntegers
      let result = starts.map { start in
        reduction.reduce(offsets.map { source[start + $0] }, as: x.elementType)
      }
      return [Tensor(wrapping: result, shape: shape, elementType: x.elementType)]
    }
    let source = x.doubles
    let result = starts.map { start in reduce(offsets.map { source[start + $0] }) }
    return [Tensor(doubles: result, shape: shape, elementType: x.elementType)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}

extension Set<ElementType> {
  /// The types that arithmetic reductions accept.
  static var summable: Set<ElementType> { floats.union([.int32, .int64, .uint32, .uint64]) }
}

extension ElementType {
  /// The range of an integer type or `bool`, limited to that of `Int`.
  package var integerRange: ClosedRange<Int> {
    switch self {
    case .int8: -128...127
    case .int16: -32768...32767
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .uint8: 0...255
    case .uint16: 0...65535
    case .uint32: 0...Int(UInt32.max)
    case .uint64: 0...Int.max
    case .bool: 0...1
    default: Int.min...Int.max
    }
  }
}
