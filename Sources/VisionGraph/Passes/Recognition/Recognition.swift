import VisionTensor
import VisionSystem

/// Recognizes operators that were written as several nodes (`GraphPattern`).
package struct Recognition: Pass {
  private let patterns: [GraphPattern]

  package init(_ patterns: [GraphPattern] = GraphPattern.all) { self.patterns = patterns }

  /// What is recognized before a network is differentiated: functions of one element and the normalization of rows, whose gradients
  /// are then one step each, and of whose parts nothing has to be kept.
  package static let beforeDifferentiation = Recognition(
    GraphPattern.activations + GraphPattern.normalizations.filter { $0.name == LayerNormalization.name })

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    var matcher = PatternMatcher(graph)
    var found: [ValueID: (pattern: GraphPattern, replacement: GraphPattern.Replacement)] = [:]
    for index in graph.nodes.indices.reversed() {
      if let match = matcher.match(patterns, at: index) { found[graph.nodes[index].outputs[0]] = match }
    }
    if found.isEmpty { return graph }
    var names: [String] = []
    var rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let (pattern, replacement) = found[node.outputs[0]] else { return nil }
      names.append(pattern.name)
      var inputs: [ValueID] = []
      for (index, operand) in replacement.inputs.enumerated() {
        inputs.append(try Self.emit(operand, "\(node.name).\(index)", &rewriter))
      }
      return try rewriter.emit(replacement.operation, inputs, name: node.name)
    }
    rewritten.recognized = graph.recognized
    for name in names { rewritten.recognized[name, default: 0] += 1 }
    return try DeadNodeRemoval().run(rewritten)
  }

  /// Appends what makes an operand of values of the source.
  private static func emit(_ operand: GraphPattern.Operand, _ name: String, _ rewriter: inout GraphRewriter)
    throws(GraphError) -> ValueID
  {
    switch operand {
    case .value(let id): return rewriter.mapped(id)
    case .constant(let tensor): return rewriter.constant(tensor, name: name)
    case .reshaped(let operand, let shape):
      return try emit(Reshape(), operand, to: shape, name, &rewriter)
    case .transposed(let operand, let order):
      return try rewriter.emit(
        Transpose(order), [try emit(operand, name, &rewriter)], name: "\(name).turned")[0]
    case .expanded(let operand, let shape): return try emit(Expand(), operand, to: shape, name, &rewriter)
    case .product(let a, let b): return try emit(Mul(), a, b, name, &rewriter)
    case .sum(let a, let b): return try emit(Add(), a, b, name, &rewriter)
    }
  }

  private static func emit(
    _ op: any Operator, _ operand: GraphPattern.Operand, to shape: Shape, _ name: String,
    _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> ValueID {
    let value = try emit(operand, name, &rewriter)
    if rewriter.result.fact(value).shape == shape { return value }
    let extents = rewriter.constant(Tensor(shape.map { Int64($0) }), name: "\(name).shape")
    return try rewriter.emit(op, [value, extents], name: name)[0]
  }

  private static func emit(
    _ op: any Operator, _ a: GraphPattern.Operand, _ b: GraphPattern.Operand, _ name: String,
    _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> ValueID {
    let values = [try emit(a, "\(name).a", &rewriter), try emit(b, "\(name).b", &rewriter)]
    return try rewriter.emit(op, values, name: name)[0]
  }
}
