import VisionSystem
import VisionTensor

/// Makes one convolution of a sum of several over the same input, as the branches of RepVGG and MobileOne are.
///
/// Only where the kernel of the sum has no more taps than the kernels together; one of 1 × 7 and one of 7 × 1 stay apart.
package struct ParallelConvolutions: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard Self.adds(node), graph.fact(node.outputs[0]).type == .float32 else { return nil }
      let terms = Self.terms(of: node, in: rewriter)
      let branches = terms.map { Branch($0, of: graph, in: rewriter) }
      let own = branches.compactMap { $0 }
      // Those over another input, such as a residual, are added to the sum.
      guard let x = Self.commonInput(of: own) else { return nil }
      let chosen = branches.indices.filter { branches[$0]?.input == x }
      guard let merged = Merged(chosen.compactMap { branches[$0] }, in: graph) else { return nil }
      var result = try merged.emit(rewriter.mapped(x), name: node.name, &rewriter)
      for index in terms.indices where !chosen.contains(index) {
        result = try rewriter.emit(
          Add(), [result, rewriter.mapped(terms[index])], name: "\(node.name).\(index)")[0]
      }
      return [result]
    }
    return try DeadNodeRemoval().run(rewritten)
  }

  private static func adds(_ node: Graph.Node) -> Bool {
    node.operation is Add || node.operation is Sum && node.inputs.count > 1
  }

  /// What a sum and the sums that only it reads add, all of one shape.
  private static func terms(of node: Graph.Node, in rewriter: GraphRewriter) -> [ValueID] {
    let shape = rewriter.source.fact(node.outputs[0]).shape
    return node.inputs.compactMap { $0 }.flatMap { input -> [ValueID] in
      guard let inner = rewriter.soleProducer(of: input), adds(inner),
        rewriter.source.fact(input).shape == shape
      else { return [input] }
      return terms(of: inner, in: rewriter)
    }
  }

  /// The input that most branches read, at least two of them.
  private static func commonInput(of branches: [Branch]) -> ValueID? {
    var counts: [ValueID: Int] = [:]
    for branch in branches { counts[branch.input, default: 0] += 1 }
    return counts.filter { $0.value > 1 }.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// A convolution that only the sum reads.
  private struct Branch {
    let input: ValueID
    let weights: ValueID
    let bias: ValueID?
    /// Nil where channels are multiplied only.
    let conv: Conv?
    let output: Shape
    /// The distance from an output's place to its first tap, before the input's start.
    let before: [Int]

    init?(_ value: ValueID, of graph: Graph, in rewriter: GraphRewriter) {
      guard let node = rewriter.soleProducer(of: value), node.inputs.count > 1, let x = node.inputs[0],
        let w = node.inputs[1]
      else { return nil }
      let output = graph.fact(value).shape
      switch node.operation {
      case let conv as Conv:
        guard Self.isFixed(w, graph),
          let resolved = try? conv.window.resolved(Array(graph.fact(x).shape.dimensions.dropFirst(2)))
        else { return nil }
        (self.conv, before) = (conv, resolved.before)
      case let affine as ChannelAffine:
        guard affine.activation == nil, output.rank >= 3 else { return nil }
        (conv, before) = (nil, [Int](repeating: 0, count: output.rank - 2))
      default: return nil
      }
      (input, weights, self.output) = (x, w, output)
      bias = node.inputs.count > 2 ? node.inputs[2] : nil
    }

    /// Whether weights are a parameter or a constant, with a normalization folded in or without.
    private static func isFixed(_ value: ValueID, _ graph: Graph) -> Bool {
      guard let producer = graph.producer(of: value) else { return graph.isFixed(value) }
      return producer.operation is BatchNormalizedWeights
        && producer.inputs.allSatisfy { $0.map { isFixed($0, graph) } ?? true }
    }

    var kernel: [Int] { conv?.window.kernel ?? before.map { _ in 1 } }
  }

  /// What one convolution must be to give the sum of several.
  private struct Merged {
    let branches: [Branch]
    let conv: Conv
    let shape: Shape
    let starts: [[Int]]

    init?(_ branches: [Branch], in graph: Graph) {
      guard let model = branches.lazy.compactMap(\.conv).first, let output = branches.first?.output,
        branches.allSatisfy({ $0.output == output })
      else { return nil }
      let channels = graph.fact(branches[0].input).shape[1]
      for branch in branches {
        guard let conv = branch.conv else {
          guard model.window.strides.allSatisfy({ $0 == 1 }), channels == output[1] else { return nil }
          continue
        }
        guard conv.groups == model.groups, conv.window.strides == model.window.strides else { return nil }
        // A single tap has no distance to the next one.
        guard conv.window.dilations.allSatisfy({ $0 == 1 }) else { return nil }
      }
      let axes = model.window.kernel.indices
      let before = axes.map { axis in branches.map { $0.before[axis] }.max() ?? 0 }
      let kernel = axes.map { axis in
        branches.map { before[axis] - $0.before[axis] + $0.kernel[axis] }.max() ?? 1
      }
      let taps = branches.reduce(0) { $0 + ($1.conv == nil ? 0 : $1.kernel.reduce(1, *)) }
      guard kernel.reduce(1, *) <= taps else { return nil }
      let input = Array(graph.fact(branches[0].input).shape.dimensions.dropFirst(2))
      let after = axes.map { axis in
        let end = (output[axis + 2] - 1) * model.window.strides[axis] + kernel[axis] - before[axis]
        return max(end - input[axis], 0)
      }
      var window = model.window
      (window.kernel, window.padding) = (kernel, .explicit(before + after))
      guard let resolved = try? window.resolved(input),
        resolved.output == Array(output.dimensions.dropFirst(2))
      else { return nil }
      starts = branches.map { branch in axes.map { before[$0] - branch.before[$0] } }
      conv = Conv(window: window, groups: model.groups)
      shape = Shape([output[1], channels / model.groups] + kernel)
      self.branches = branches
    }

    func emit(_ x: ValueID, name: String, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID {
      let kernels = try rewriter.emit(
        SummedKernels(shape: shape, starts: starts), branches.map { rewriter.mapped($0.weights) },
        // The same name always means the same weights, also for inputs of other sizes.
        name: "\(name).kernels at \(starts)")[0]
      var bias: ValueID?
      for (index, branch) in branches.enumerated() {
        guard let value = branch.bias.map({ rewriter.mapped($0) }) else { continue }
        bias =
          try bias.map { (sum) throws(GraphError) in
            try rewriter.emit(Add(), [sum, value], name: "\(name).bias \(index)")[0]
          } ?? value
      }
      return try rewriter.emit(conv, [x, kernels, bias], name: name)[0]
    }
  }
}
