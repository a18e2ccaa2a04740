import VisionSystem
public import VisionTensor

/// y = zeros, but the elements of x at the places that the indices of a MaxPool name among all elements of y. ONNX MaxUnpool,
/// opset 11.
///
/// Inputs: x N×C×spatial, a floating-point type; indices, int64, of the same shape; optional output shape, int64, known before the
/// run, which must be that which the window gives: ONNX's own test counts indices in the window's shape, but a MaxPool counted
/// them in the given one.
public struct MaxUnpool: Operator {
  public static let name = "MaxUnpool"
  public static let constantInputs: Set = [2]
  /// The window of the pooling that is undone.
  public var window: Window

  public init(window: Window) { self.window = window }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let indices = try ShapeRule.required(inputs, 1, types: [.int64])
    guard x.shape.rank >= 3, x.shape.rank == window.kernel.count + 2, indices.shape == x.shape else {
      throw ShapeError(
        "indices \(indices.shape) and a window of \(window.kernel.count) axes do not fit \(x.shape)")
    }
    // What a transposed convolution of the window would give.
    let spatial = try ConvTranspose(window: window).resolved(Array(x.shape.dimensions.dropFirst(2))).output
    let shape = try ShapeRule.shape(Array(x.shape.dimensions.prefix(2)) + spatial, "the output")
    if inputs.count > 2, inputs[2] != nil, try ShapeRule.constantShape(inputs, 2) != shape {
      throw ShapeError(
        "an output shape other than the window's \(shape) is not supported: indices are ambiguous")
    }
    return [Fact(x.type, shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let fact = try resolved(inputs)[0]
    let places = try Self.places(Reference.required(inputs, 1), count: fact.shape.elementCount)
    let zeros = Tensor(elementType: fact.type, shape: fact.shape) { _ in }
    return [ScatterReduction.none.scatter(x, into: zeros, at: places)]
  }

  /// The indices, all of them in 0..<count.
  package static func places(_ indices: Tensor, count: Int) throws(EvaluationError) -> [Int] {
    let places = indices.integers
    if let bad = places.first(where: { $0 < 0 || $0 >= count }) {
      throw EvaluationError("index \(bad) is outside an output of \(count) elements")
    }
    return places
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // The elements at the indices, of a flat tensor.
    try node.wanted { (index, _) throws(GraphError) in
      guard index == 0 else { return nil }
      let flat = try node.add(Reshape(), node.gradient, node.integers([-1]))
      return try node.add(Gather(axis: 0), flat, node.input(1))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["kernel_shape", "pads", "strides"])
    try node.allowInputs(atMost: 3)
    return try graph.add(MaxUnpool(window: Window(node, kernel: nil)), node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var attributes = window.attributes
    attributes["dilations"] = nil
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
