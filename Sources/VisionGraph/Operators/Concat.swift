public import VisionTensor

/// The inputs joined along `axis`; all other extents are equal. ONNX Concat, opset 13.
public struct Concat: Operator {
  public static let name = "Concat"
  /// The axis; negative counts from the end.
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let first = try ShapeRule.required(inputs, 0)
    let axis = try ShapeRule.axis(axis, rank: first.shape.rank)
    var shape = first.shape
    for index in inputs.indices.dropFirst() {
      let next = try ShapeRule.required(inputs, index, types: [first.type])
      var expected = shape
      if next.shape.rank == shape.rank { expected[axis] = next.shape[axis] }
      guard next.shape == expected else {
        throw ShapeError("\(first.shape) and \(next.shape) differ in more than axis \(axis)")
      }
      shape[axis] = try ShapeRule.sum(shape[axis], next.shape[axis])
    }
    return [Fact(first.type, shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let axis = axis < 0 ? axis + fact.shape.rank : axis
    let outer = fact.shape.dimensions[..<axis].reduce(1, *)
    let runs = inputs.compactMap { $0 }.map { (tensor: $0, bytes: outer == 0 ? 0 : $0.byteCount / outer) }
    let result = Tensor(elementType: fact.type, shape: fact.shape) { target in
      var position = 0
      for row in 0..<outer {
        for (tensor, bytes) in runs {
          tensor.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(rebasing: target[position..<(position + bytes)])
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[(row * bytes)..<((row + 1) * bytes)]))
          }
          position += bytes
        }
      }
    }
    return [result]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? {
    axis == 1 || axis == 1 - (inputs[0]?.shape.rank ?? 0) ? Set(inputs.indices) : nil
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    var extents: [Value?] = []
    for case let input? in node.inputs {
      let axis = axis < 0 ? axis + input.shape.rank : axis
      extents.append(try node.add(ShapeOf(start: axis, end: axis + 1), input))
    }
    let sizes = try node.add(Concat(axis: 0), extents)[0]
    return try node.add(Split(axis: axis, into: node.inputs.count), [node.gradient, sizes])
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole {
    inputs.indices.allSatisfy { inputs[$0]?.type == .float32 && !isFixed($0) } ? .moving : .float
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis"])
    guard let axis = try node.int("axis") ?? (node.opset < 4 ? 1 : nil) else {
      throw GraphError(.structure, "Concat lacks its axis", place: node.name)
    }
    return try graph.add(Concat(axis: axis), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
