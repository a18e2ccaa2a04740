public import VisionTensor

/// The elements of x in another shape. ONNX Reshape, opset 14.
///
/// Inputs: x of any type; the shape, int64, known before the run. One extent may be −1 and follows from the
/// others; 0 keeps the extent of x at that axis.
public struct Reshape: Operator {
  public static let name = "Reshape"
  public static let constantInputs: Set = [1]
  /// Whether 0 means an extent of 0 instead of the extent of x.
  public var allowsZero: Bool

  public init(allowsZero: Bool = false) { self.allowsZero = allowsZero }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let target = try ShapeRule.required(inputs, 1, types: [.int64])
    guard target.shape.rank == 1, let extents = try ShapeRule.constant(inputs, 1, "the shape") else {
      throw ShapeError("the shape (input 1) has \(target.shape.rank) axes instead of 1")
    }
    return [Fact(x.type, try shape(extents, of: x.shape))]
  }

  private func shape(_ target: [Int], of x: Shape) throws(ShapeError) -> Shape {
    var extents = target
    for (axis, extent) in target.enumerated() where extent == 0 && !allowsZero {
      guard axis < x.rank else { throw ShapeError("extent 0 at axis \(axis) has no counterpart in \(x)") }
      extents[axis] = x[axis]
    }
    if let axis = extents.firstIndex(of: -1) {
      extents[axis] = 1
      let known = try ShapeRule.shape(extents, "shape").elementCount
      guard known > 0, x.elementCount % known == 0 else {
        throw ShapeError("\(x) does not fit shape \(target)")
      }
      extents[axis] = x.elementCount / known
    }
    let shape = try ShapeRule.shape(extents, "shape")
    guard shape.elementCount == x.elementCount else { throw ShapeError("\(x) does not fit shape \(target)") }
    return shape
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [try Reference.required(inputs, 0).reshaped(to: try resolved(inputs)[0].shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0 ? try node.reshaped(node.gradient, like: x) : nil
    }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .moving }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    if node.opset < 5 {
      try node.allowAttributes(["consumed_inputs", "shape"])
      let shape = graph.constant(ints: try node.ints("shape") ?? [], name: "\(node.name).shape")
      return [try graph.add(Reshape(), node.input(0), shape, name: node.name)]
    }
    try node.allowAttributes(node.opset < 14 ? [] : ["allowzero"])
    try node.allowInputs(atMost: 2)
    let op = Reshape(allowsZero: try node.int("allowzero") ?? 0 != 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { allowsZero ? ["allowzero": .int(1)] : [:] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
