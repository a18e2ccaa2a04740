import VisionSystem
import VisionTensor

/// Converts int8 activations to uint8, which the operators on bytes require, by adding 128 to all bytes and
/// zero points.
///
/// saturate(round(x / scale) + zero) moves with its range, and (byte − zero) · scale does not change at all, so that the
/// graph gives the same bits. `quantize_static` of ONNX Runtime writes int8 where nothing else is asked for.
package struct UnsignedActivations: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let moved = Self.moved(graph)
    guard !moved.isEmpty else { return graph }
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      let isSource = node.operation is QuantizeLinear && moved.contains(node.outputs[0])
      let isReader = node.operation is DequantizeLinear && node.inputs[0].map(moved.contains) ?? false
      guard isSource || isReader, let scale = node.inputs[1],
        let zero = Self.zeroPoint(node, scale: scale, graph)
      else { return nil }
      var inputs = node.inputs.prefix(2).map { $0.map { rewriter.mapped($0) } }
      inputs.append(rewriter.constant(zero, name: "\(node.name).unsigned_zero_point"))
      return try rewriter.emit(node.operation, inputs, name: node.name)
    }
    return try DeadNodeRemoval().run(rewritten)
  }

  /// The int8 results of QuantizeLinear, and what only moves their elements, that no others read than
  /// DequantizeLinear nodes, all with constant zero points.
  private static func moved(_ graph: Graph) -> Set<ValueID> {
    var moved: Set<ValueID> = []
    for node in graph.nodes where graph.fact(node.outputs[0]).type == .int8 {
      if node.operation is QuantizeLinear {
        if let scale = node.inputs[1], zeroPoint(node, scale: scale, graph) != nil {
          moved.insert(node.outputs[0])
        }
      } else if isMoving(node, graph), bytes(node, graph).allSatisfy(moved.contains) {
        moved.insert(node.outputs[0])
      }
    }
    for output in graph.outputs { moved.remove(output.value) }
    // Taking one back takes back those that are moved from it or to it.
    var count = -1
    while count != moved.count {
      count = moved.count
      for node in graph.nodes { keepPossible(node, &moved, graph) }
    }
    return moved
  }

  /// Removes the values that this node does not let be moved.
  private static func keepPossible(_ node: Graph.Node, _ moved: inout Set<ValueID>, _ graph: Graph) {
    if isMoving(node, graph) {
      let values = bytes(node, graph) + [node.outputs[0]]
      if !values.allSatisfy(moved.contains) { moved.subtract(values) }
      return
    }
    for (position, input) in node.inputs.enumerated() {
      guard let input, moved.contains(input) else { continue }
      let isReader = node.operation is DequantizeLinear && position == 0
      let scale = isReader ? node.inputs[1] : nil
      if scale.flatMap({ zeroPoint(node, scale: $0, graph) }) == nil { moved.remove(input) }
    }
  }

  /// Whether a node only selects or moves int8 elements.
  private static func isMoving(_ node: Graph.Node, _ graph: Graph) -> Bool {
    guard node.outputs.count == 1, graph.fact(node.outputs[0]).type == .int8,
      !(node.operation is QuantizeLinear)
    else { return false }
    let facts = node.inputs.map { input in
      input.map { graph.fact($0).type == .int8 ? Fact(.float32, graph.fact($0).shape) : graph.fact($0) }
    }
    return facts.first??.type == .float32
      && node.operation.byteRole(facts, isFixed: { _ in false }) == .moving
  }

  private static func bytes(_ node: Graph.Node, _ graph: Graph) -> [ValueID] {
    node.inputs.compactMap { $0 }.filter { graph.fact($0).type == .int8 }
  }

  /// The zero point of a node plus 128, as uint8; nil if it is not constant.
  private static func zeroPoint(_ node: Graph.Node, scale: ValueID, _ graph: Graph) -> Tensor? {
    let shape: Shape
    let zeros: [Int8]
    if node.inputs.count > 2, let zero = node.inputs[2] {
      guard let tensor = graph.fact(zero).value, let values = tensor.values(as: Int8.self) else { return nil }
      (shape, zeros) = (tensor.shape, values)
    } else {
      shape = graph.fact(scale).shape
      zeros = [Int8](repeating: 0, count: shape.elementCount)
    }
    return Tensor(zeros.map { UInt8(bitPattern: $0) ^ 0x80 }, shape: shape)
  }
}
