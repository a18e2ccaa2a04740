import VisionSystem
public import VisionTensor

/// What ArgMax and ArgMin have in common: they give the position of the best element along one axis.
public protocol Selection: Operator {
  /// The axis; negative counts from the end.
  var axis: Int { get }
  /// Whether the axis is kept with extent 1.
  var keepsDimensions: Bool { get }
  /// Whether the last of equal elements is selected instead of the first.
  var selectsLast: Bool { get }
  init(axis: Int, keepsDimensions: Bool, selectsLast: Bool)
  /// True when `a` is strictly better than `b`.
  func prefers<Number: Comparable>(_ a: Number, to b: Number) -> Bool
}

extension Selection {
  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .numbers)
    let axis = try ShapeRule.axis(axis, rank: x.shape.rank)
    guard x.shape[axis] > 0 else { throw ShapeError("axis \(axis) of input \(x.shape) is empty") }
    var extents = x.shape.dimensions
    if keepsDimensions { extents[axis] = 1 } else { extents.remove(at: axis) }
    return [Fact(.int64, Shape(extents))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let best: [Int64]
    if x.elementType.isFloatingPoint {
      best = positions(x.doubles, x.shape) { $0.isNaN }
    } else if let wide = x.values(as: UInt64.self) {
      best = positions(wide, x.shape) { _ in false }
    } else {
      best = positions(x.integers, x.shape) { _ in false }
    }
    return [Tensor(best, shape: shape)]
  }

  private func positions<Number: Comparable>(
    _ values: [Number], _ shape: Shape, isNaN: (Number) -> Bool
  ) -> [Int64] {
    var result: [Int64] = []
    Reference.forEachLine(shape, axis: axis < 0 ? axis + shape.rank : axis) { start, step, count in
      var best = 0
      for candidate in 1..<max(count, 1) {
        let (old, new) = (values[start + best * step], values[start + candidate * step])
        if isNaN(old) { break }
        if isNaN(new) || prefers(new, to: old) || selectsLast && new == old { best = candidate }
      }
      result.append(Int64(best))
    }
    return result
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "keepdims", "select_last_index"])
    let selection = Self(
      axis: try node.int("axis") ?? 0, keepsDimensions: try node.flag("keepdims", default: true),
      selectsLast: try node.flag("select_last_index"))
    return [try graph.add(selection, node.input(0), name: node.name)]
  }

  public var attributes: Attributes {
    [
      "axis": .int(axis), "keepdims": .int(keepsDimensions ? 1 : 0),
      "select_last_index": .int(selectsLast ? 1 : 0),
    ]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}
