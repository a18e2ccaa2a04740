import VisionSystem
public import VisionTensor

/// The k largest (or smallest) elements along an axis, best first, and their positions. Equal elements keep
/// their order, and NaN counts as the largest. ONNX TopK, opset 11.
///
/// Inputs: x, any numbers; k, one constant int64 number. Outputs: the elements, and their positions as int64.
public struct TopK: Operator {
  public static let name = "TopK"
  public var axis: Int
  public var largest: Bool
  /// With false, any order is allowed; the reference sorts nevertheless.
  public var sorted: Bool

  public init(axis: Int = -1, largest: Bool = true, sorted: Bool = true) {
    self.axis = axis
    self.largest = largest
    self.sorted = sorted
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .numbers)
    _ = try ShapeRule.required(inputs, 1, types: [.int64])
    let k = try ShapeRule.constant(inputs, 1, "k") ?? []
    let axis = try ShapeRule.axis(axis, rank: x.shape.rank)
    guard k.count == 1, k[0] >= 0, k[0] <= x.shape[axis] else {
      throw ShapeError("k \(k) must be one number from 0 to the \(x.shape[axis]) elements of axis \(axis)")
    }
    var shape = x.shape
    shape[axis] = k[0]
    return [Fact(x.type, shape), Fact(.int64, shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let axis = axis < 0 ? axis + x.shape.rank : axis
    let order: [Int]
    if x.elementType.isFloatingPoint {
      order = Self.order(x.doubles, x.shape, axis) { a, b in
        if a.isNaN || b.isNaN { return largest ? a.isNaN && !b.isNaN : b.isNaN && !a.isNaN }
        return largest ? a > b : a < b
      }
    } else if let wide = x.values(as: UInt64.self) {
      order = Self.order(wide, x.shape, axis) { largest ? $0 > $1 : $0 < $1 }
    } else {
      order = Self.order(x.integers, x.shape, axis) { largest ? $0 > $1 : $0 < $1 }
    }
    // `order` has the shape of x; the result consists of its first k entries along the axis.
    let places = Reference.indices(shape, steps: x.shape.strides).map { order[$0] }
    let step = x.shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let strides = x.shape.strides
    var base = strides
    base[axis] = 0
    let starts = Reference.indices(shape, steps: base)
    return [
      Reference.gather(x, zip(starts, places).map { $0 + $1 * step }, shape: shape),
      Tensor(places.map { Int64($0) }, shape: shape),
    ]
  }

  /// For every line along `axis`, its positions from best to worst, in the layout of the tensor.
  private static func order<Number>(
    _ values: [Number], _ shape: Shape, _ axis: Int, _ isBefore: (Number, Number) -> Bool
  ) -> [Int] {
    var result = [Int](repeating: 0, count: values.count)
    Reference.forEachLine(shape, axis: axis) { start, step, count in
      let order = (0..<count).sorted { a, b in
        let (x, y) = (values[start + a * step], values[start + b * step])
        return isBefore(x, y) || !isBefore(y, x) && a < b
      }
      for (place, from) in order.enumerated() { result[start + place * step] = from }
    }
    return result
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // The elements were gathered from these positions.
    try node.wanted { (_, x) throws(GraphError) in
      try node.add(
        MovementGradient(GatherElements(axis: axis)), node.gradient, node.shape(of: x), node.outputs[1])
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(node.opset < 10 ? ["axis", "k"] : ["axis", "largest", "sorted"])
    let topK = TopK(
      axis: try node.int("axis") ?? -1, largest: try node.flag("largest", default: true),
      sorted: try node.flag("sorted", default: true))
    let k: Value
    if node.opset < 10 {
      guard let given = try node.int("k") else {
        throw GraphError(.structure, "TopK lacks k", place: node.name)
      }
      k = graph.constant(Tensor([Int64(given)]), name: "\(node.name).k")
    } else {
      k = try node.input(1)
    }
    return try graph.add(topK, [node.input(0), k], name: node.name)
  }

  public var attributes: Attributes {
    ["axis": .int(axis), "largest": .int(largest ? 1 : 0), "sorted": .int(sorted ? 1 : 0)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}
