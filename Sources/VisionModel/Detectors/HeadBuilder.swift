import VisionGraph
import VisionTensor
import VisionSystem

/// Appends the operators of a decoder to a network.
struct HeadBuilder {
  let builder: GraphBuilder

  /// The output as float32, whatever its type.
  func value(_ output: DetectorView.Output) throws(GraphError) -> Value {
    let value = builder.value(output.value)
    return output.type == .float32 ? value : try apply(Cast(to: .float32), value)
  }

  func apply(_ op: some Operator, _ inputs: Value?...) throws(GraphError) -> Value {
    try builder.add(op, inputs, name: "decode/\(type(of: op).name.lowercased())")[0]
  }

  func constant(_ numbers: [Float], _ shape: Shape) -> Value {
    builder.constant(Tensor(numbers, shape: shape), name: "decode/constant")
  }

  func scalar(_ number: Float) -> Value { constant([number], []) }

  func integers(_ numbers: [Int]) -> Value {
    builder.constant(Tensor(numbers.map { Int64($0) }), name: "decode/integers")
  }

  func add(_ a: Value, _ b: Value) throws(GraphError) -> Value { try apply(Add(), a, b) }
  func subtract(_ a: Value, _ b: Value) throws(GraphError) -> Value { try apply(Sub(), a, b) }
  func multiply(_ a: Value, _ b: Value) throws(GraphError) -> Value { try apply(Mul(), a, b) }

  func clip(_ x: Value, _ low: Float, _ high: Float) throws(GraphError) -> Value {
    try apply(Clip(), x, scalar(low), scalar(high))
  }

  /// The positions `range` of an axis.
  func slice(_ x: Value, _ axis: Int, _ range: Range<Int>) throws(GraphError) -> Value {
    try apply(Slice(), x, integers([range.lowerBound]), integers([range.upperBound]), integers([axis]))
  }

  /// A shape in which 0 keeps an extent and -1 takes what is left.
  func reshape(_ x: Value, _ shape: [Int]) throws(GraphError) -> Value {
    try apply(Reshape(), x, integers(shape))
  }

  func concat(_ parts: [Value], _ axis: Int) throws(GraphError) -> Value {
    parts.count == 1
      ? parts[0] : try builder.add(Concat(axis: axis), parts.map { $0 }, name: "decode/concat")[0]
  }

  /// The outputs one after the other on an axis.
  func concat(_ outputs: [DetectorView.Output], _ axis: Int) throws(GraphError) -> Value {
    var parts: [Value] = []
    for output in outputs { parts.append(try value(output)) }
    return try concat(parts, axis)
  }

  /// The probability of each class, N×A×K, from rows whose columns 4 and 5 are a probability and its class.
  func classScores(_ rows: Value, classes: Int) throws(GraphError) -> Value {
    let numbers = constant((0..<classes).map { Float($0) }, [classes])
    let isClass = try apply(Cast(to: .float32), apply(Equal(), slice(rows, 2, 5..<6), numbers))
    return try multiply(slice(rows, 2, 4..<5), isClass)
  }

  /// Boxes N×A×4 from centers and sides, N×A×2 each.
  func boxes(center: Value, sides: Value) throws(GraphError) -> Value {
    let half = try multiply(sides, scalar(0.5))
    return try concat([subtract(center, half), add(center, half)], 2)
  }

  /// Boxes N×A×4 from points and the distances of their left, top, right and bottom edges from them.
  func boxes(around points: Value, distances: Value) throws(GraphError) -> Value {
    try concat([subtract(points, slice(distances, 2, 0..<2)), add(points, slice(distances, 2, 2..<4))], 2)
  }
}
