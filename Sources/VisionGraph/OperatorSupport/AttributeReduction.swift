import VisionTensor

/// A reduction whose axes are an attribute at opset 17: all reductions except ReduceSum.
public protocol AttributeReduction: Reduction {
  /// The reduced axes; negative axes count from the end, nil means all.
  var axes: [Int]? { get }
  init(axes: [Int]?, keepsDimensions: Bool)
  /// The result when nothing is reduced (`noop_with_empty_axes` without axes), element by element.
  static func single(_ x: Value, name: String) throws(GraphError) -> Value
}

extension AttributeReduction {
  public static func single(_ x: Value, name: String) throws(GraphError) -> Value { x }

  public func reducedAxes(_ inputs: [Fact?]) throws(ShapeError) -> [Int] {
    let rank = try ShapeRule.required(inputs, 0).shape.rank
    return try ShapeRule.reducedAxes(axes, rank: rank)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let x = try node.input(0)
    let keepsDimensions = try node.flag("keepdims", default: true)
    var axes = try node.ints("axes")
    if node.opset < 18 {
      try node.allowAttributes(["axes", "keepdims"])
    } else {
      try node.allowAttributes(["keepdims", "noop_with_empty_axes"])
      if let given = node.optionalInput(1) {
        guard let value = given.fact.value else {
          throw node.lacksValue("the axes")
        }
        axes = value.integers
      }
      if try node.flag("noop_with_empty_axes"), axes?.isEmpty ?? true {
        return [try single(x, name: node.name)]
      }
    }
    if axes?.isEmpty == true { axes = nil }
    return [try graph.add(Self(axes: axes, keepsDimensions: keepsDimensions), x, name: node.name)]
  }

  public var attributes: Attributes {
    var attributes: Attributes = [:]
    if let axes { attributes["axes"] = .ints(axes) }
    attributes["keepdims"] = .int(keepsDimensions ? 1 : 0)
    return attributes
  }
}

extension ShapeRule {
  /// Nonnegative axes in ascending order; nil or an empty list means all axes.
  package static func reducedAxes(_ axes: [Int]?, rank: Int) throws(ShapeError) -> [Int] {
    guard let axes, !axes.isEmpty else { return Array(0..<rank) }
    var result: Set<Int> = []
    for axis in axes {
      guard result.insert(try ShapeRule.axis(axis, rank: rank)).inserted else {
        throw ShapeError("axes \(axes) name one axis twice")
      }
    }
    return result.sorted()
  }
}
