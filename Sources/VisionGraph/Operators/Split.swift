public import VisionTensor

/// x cut into parts along `axis`. ONNX Split, opset 13.
///
/// Inputs: x of any type; optionally the extents of the parts, int64, known before the run; by default equal
/// parts.
public struct Split: Operator {
  public static let name = "Split"
  /// The axis; negative counts from the end.
  public var axis: Int
  /// The number of parts; in a file, the number of outputs of the node.
  public var partCount: Int

  public init(axis: Int = 0, into partCount: Int) {
    self.axis = axis
    self.partCount = partCount
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let axis = try ShapeRule.axis(axis, rank: x.shape.rank)
    _ = try ShapeRule.optional(inputs, 1, types: [.int64])
    guard partCount > 0 else { throw ShapeError("\(x.shape) cannot be split into \(partCount) parts") }
    let sizes: [Int]
    if let given = try ShapeRule.constant(inputs, 1, "the extents of the parts") {
      sizes = given
    } else {
      guard x.shape[axis] % partCount == 0 else {
        throw ShapeError("axis \(axis) of \(x.shape) does not split into \(partCount) equal parts")
      }
      sizes = [Int](repeating: x.shape[axis] / partCount, count: partCount)
    }
    var total = 0
    for size in sizes { total = try ShapeRule.sum(total, size) }
    guard sizes.count == partCount, sizes.allSatisfy({ $0 >= 0 }), total == x.shape[axis] else {
      throw ShapeError("axis \(axis) of \(x.shape) does not split into \(partCount) parts \(sizes)")
    }
    return sizes.map { size in
      var shape = x.shape
      shape[axis] = size
      return Fact(x.type, shape)
    }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let facts = try resolved(inputs)
    let axis = axis < 0 ? axis + x.shape.rank : axis
    let strides = x.shape.strides
    var start = 0
    var results: [Tensor] = []
    for fact in facts {
      let indices = Reference.indices(fact.shape, steps: strides, start: start * strides[axis])
      results.append(Reference.gather(x, indices, shape: fact.shape))
      start += fact.shape[axis]
    }
    return results
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    var parts: [Value?] = []
    for (output, gradient) in zip(node.outputs, node.gradients) {
      if let gradient { parts.append(gradient) } else { parts.append(try node.zeros(like: output)) }
    }
    return try node.wanted { (_, _) throws(GraphError) in try node.add(Concat(axis: axis), parts)[0] }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    var inputs = [try node.input(0), node.optionalInput(1)]
    let op = Split(axis: try node.int("axis") ?? 0, into: node.declaredOutputCount)
    switch node.opset {
    case ..<13:
      try node.allowAttributes(["axis", "split"])
      try node.allowInputs(atMost: 1)
      inputs[1] = try node.ints("split").map { graph.constant(ints: $0, name: "\(node.name).split") }
    case 13..<18:
      try node.allowAttributes(["axis"])
    default:
      try node.allowAttributes(["axis", "num_outputs"])
      if inputs[1] == nil, let sizes = try op.unequalParts(node) {
        inputs[1] = graph.constant(ints: sizes, name: "\(node.name).split")
      }
    }
    try node.allowInputs(atMost: 2)
    return try graph.add(op, inputs, name: node.name)
  }

  /// The extents of the parts at opset 18, where the last part may be smaller; nil when the parts are equal.
  private func unequalParts(_ node: ImportedNode) throws(GraphError) -> [Int]? {
    let parts = try node.int("num_outputs") ?? partCount
    guard parts == partCount else {
      throw GraphError(.structure, "Split has \(partCount) outputs, not \(parts)", place: node.name)
    }
    let shape = try node.input(0).shape
    guard axis >= -shape.rank, axis < shape.rank, parts > 0 else { return nil }
    let extent = shape[axis < 0 ? axis + shape.rank : axis]
    guard extent % parts != 0 else { return nil }
    let part = (extent + parts - 1) / parts
    return (0..<parts).map { max(0, min(part, extent - $0 * part)) }
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
