public import VisionTensor

/// What Softmax and LogSoftmax have in common: a function of all elements along one axis.
public protocol SoftmaxLike: Operator {
  /// The axis; negative counts from the end.
  var axis: Int { get }
  init(axis: Int)
  /// Replaces the elements of one line.
  func transform(_ line: inout [Double])
  /// The gradient of one line, from the gradient g of the result and the result y.
  func derivative(_ g: [Double], _ y: [Double]) -> [Double]
}

extension SoftmaxLike {
  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    _ = try ShapeRule.axis(axis, rank: x.shape.rank)
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    var values = x.doubles
    Reference.forEachLine(x.shape, axis: axis < 0 ? axis + x.shape.rank : axis) { start, step, count in
      var line = (0..<count).map { values[start + $0 * step] }
      transform(&line)
      for index in 0..<count { values[start + index * step] = line[index] }
    }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(SoftmaxGradient(self), node.gradient, node.outputs[0])]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    let x = try node.input(0)
    if node.opset >= 13 {
      return [try graph.add(Self(axis: try node.int("axis") ?? -1), x, name: node.name)]
    }
    let axis = try node.int("axis") ?? 1
    let rank = x.shape.rank
    guard axis >= -rank, axis <= rank else {
      throw GraphError(.shape, "\(name): axis \(axis) is outside rank \(rank)", place: node.name)
    }
    let first = axis < 0 ? axis + rank : axis
    // Before opset 13, all axes from `axis` on are treated as one. If only one of them has more than one
    // element, it is the only one that matters. Axis 0 always counts, because a batch of 1 may become larger.
    let wide = (first..<rank).filter { x.shape[$0] != 1 || $0 == 0 }
    if wide.count <= 1, first < rank {
      return [try graph.add(Self(axis: wide.first ?? first), x, name: node.name)]
    }
    let flat = try graph.add(Flatten(axis: first), x, name: "\(node.name).flat")
    let line = try graph.add(Self(axis: -1), flat, name: "\(node.name).line")
    let shape = graph.constant(ints: [-1] + x.shape.dimensions.dropFirst(), name: "\(node.name).shape")
    return [try graph.add(Reshape(), line, shape, name: node.name)]
  }

  public var attributes: Attributes { ["axis": .int(axis)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 5 * outputs[0].shape.elementCount }
}
