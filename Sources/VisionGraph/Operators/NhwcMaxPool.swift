public import VisionTensor

/// y = the largest element under the window, with the channels last. ONNX Runtime's com.microsoft NhwcMaxPool, version 1;
/// imported as MaxPool between two Transpose.
///
/// Input: x N×spatial×C, int8 or uint8.
public struct NhwcMaxPool: Operator {
  public static let name = "NhwcMaxPool"
  public static let domain = "com.microsoft"
  public var pool: MaxPool

  public init(_ pool: MaxPool) { self.pool = pool }

  /// The order of the axes that puts the channels first, and its inverse.
  private static func orders(_ rank: Int) -> (first: [Int], last: [Int]) {
    ([0, rank - 1] + (1..<(rank - 1)), [0] + (2..<rank) + [1])
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    guard x.shape.rank >= 3 else { throw ShapeError("input \(x.shape) must be N×spatial×C") }
    let orders = Self.orders(x.shape.rank)
    let y = try pool.outputs([Fact(x.type, Shape(orders.first.map { x.shape[$0] }))])[0]
    return [Fact(x.type, Shape(orders.last.map { y.shape[$0] }))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let orders = Self.orders(x.shape.rank)
    let y = try pool.evaluate(Transpose(orders.first).evaluate([x]))
    return try Transpose(orders.last).evaluate(y)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides"])
    try node.allowInputs(atMost: 1)
    let op = NhwcMaxPool(
      MaxPool(window: try Window(node, kernel: nil), ceiling: try node.flag("ceil_mode")))
    let x = try node.input(0)
    do {
      _ = try op.outputs([x.fact])
    } catch { throw GraphError(.shape, "NhwcMaxPool: \(error.message)", place: node.name) }
    let y = try graph.add(op.pool, graph.channelsFirst(x, name: node.name), name: node.name)
    return [try graph.channelsLast(y, name: node.name)]
  }

  public var attributes: Attributes { pool.attributes }
  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }
}
