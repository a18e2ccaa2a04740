package import VisionTensor

/// Checks that several shape rules use.
package enum ShapeRule {
  /// The fact of the input at `index`; its type must be in `types`.
  package static func required(_ inputs: [Fact?], _ index: Int, types: Set<ElementType>? = nil)
    throws(ShapeError) -> Fact
  {
    guard index < inputs.count, let fact = inputs[index] else {
      throw ShapeError("input \(index) is missing")
    }
    try check(fact, index, types)
    return fact
  }

  /// The fact of the input at `index`, or nil when absent; its type must be in `types`.
  package static func optional(_ inputs: [Fact?], _ index: Int, types: Set<ElementType>? = nil)
    throws(ShapeError) -> Fact?
  {
    guard index < inputs.count, let fact = inputs[index] else { return nil }
    try check(fact, index, types)
    return fact
  }

  /// The elements, as integers, of an input that must be constant so that the shape is known; nil when
  /// absent.
  package static func constant(_ inputs: [Fact?], _ index: Int, _ meaning: String) throws(ShapeError)
    -> [Int]?
  {
    guard index < inputs.count, let fact = inputs[index] else { return nil }
    guard let value = fact.value else {
      throw ShapeError.lacking("\(meaning) (input \(index))")
    }
    return value.integers
  }

  /// The broadcast shape; throws an error with both shapes if there is none.
  package static func broadcast(_ a: Shape, _ b: Shape) throws(ShapeError) -> Shape {
    guard let shape = a.broadcast(with: b) else { throw ShapeError("\(a) and \(b) do not broadcast") }
    return shape
  }

  /// `axis` as a nonnegative number; throws if it is outside -rank..<rank.
  package static func axis(_ axis: Int, rank: Int) throws(ShapeError) -> Int {
    guard axis >= -rank, axis < rank else { throw ShapeError("axis \(axis) is outside rank \(rank)") }
    return axis < 0 ? axis + rank : axis
  }

  /// `axes` as nonnegative numbers; throws if one is outside the rank or occurs twice.
  package static func axes(_ axes: [Int], rank: Int) throws(ShapeError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      let axis = try self.axis(axis, rank: rank)
      if result.contains(axis) { throw ShapeError("axes \(axes) name axis \(axis) twice") }
      result.append(axis)
    }
    return result
  }

  /// a + b of two extents; throws if it is too large.
  package static func sum(_ a: Int, _ b: Int) throws(ShapeError) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    if overflow { throw ShapeError("\(a) + \(b) elements are too many") }
    return sum
  }

  /// a · b of two extents; throws if it is too large.
  package static func product(_ a: Int, _ b: Int) throws(ShapeError) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { throw ShapeError("\(a) × \(b) elements are too many") }
    return product
  }

  /// A shape of these extents; throws if one is negative or their product is too large.
  package static func shape(_ extents: [Int], _ meaning: String) throws(ShapeError) -> Shape {
    guard Shape(extents).checkedElementCount != nil else {
      throw ShapeError("\(meaning) \(extents) is not a possible shape")
    }
    return Shape(extents)
  }

  private static func check(_ fact: Fact, _ index: Int, _ types: Set<ElementType>?) throws(ShapeError) {
    guard let types, !types.contains(fact.type) else { return }
    let names = types.map(\.rawValue).sorted().joined(separator: ", ")
    throw ShapeError("input \(index) is \(fact.type.rawValue), expected \(names)")
  }
}

extension Set<ElementType> {
  /// The floating-point types of at least 16 bits, with which operators compute.
  package static var floats: Set<ElementType> { [.float16, .bfloat16, .float32, .float64] }
  /// The signed and unsigned integer types of at least 8 bits.
  package static var integers: Set<ElementType> {
    [.int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64]
  }
  /// The types with which operators compute: all except `bool` and those of 4 bits or floats of 8.
  package static var numbers: Set<ElementType> { floats.union(integers) }
  /// The floating-point types of 8 bits with a sign.
  package static var float8: Set<ElementType> {
    [.float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz]
  }
  package static var all: Set<ElementType> { Set(ElementType.allCases) }
  /// The types of shapes and indices.
  package static var indices: Set<ElementType> { [.int32, .int64] }
}
