public import VisionTensor

/// x with permuted axes: axis i of the result is axis `permutation[i]` of x. ONNX Transpose, opset 13.
public struct Transpose: Operator {
  public static let name = "Transpose"
  /// For each axis of the result, the axis of x; nil reverses the axes.
  public var permutation: [Int]?

  public init(_ permutation: [Int]? = nil) { self.permutation = permutation }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let order = order(rank: x.shape.rank)
    guard order.sorted() == Array(0..<x.shape.rank) else {
      throw ShapeError("\(order) is no order of the \(x.shape.rank) axes of \(x.shape)")
    }
    return [Fact(x.type, Shape(order.map { x.shape[$0] }))]
  }

  private func order(rank: Int) -> [Int] { permutation ?? (0..<rank).reversed() }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let strides = x.shape.strides
    let steps = order(rank: x.shape.rank).map { strides[$0] }
    return [Reference.gather(x, Reference.indices(shape, steps: steps), shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (_, x) throws(GraphError) in
      let order = order(rank: x.shape.rank)
      var inverse = order
      for (to, from) in order.enumerated() { inverse[from] = to }
      return try node.add(Transpose(inverse), node.gradient)
    }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .moving }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["perm"])
    try node.allowInputs(atMost: 1)
    return try graph.add(Transpose(try node.ints("perm")), node.inputs, name: node.name)
  }

  public var attributes: Attributes { permutation.map { ["perm": .ints($0)] } ?? [:] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
